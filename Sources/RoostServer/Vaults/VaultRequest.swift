import HTTPTypes
import RoostModel

/// What is asked of a vault, read from method and path.
///
/// ```
/// GET    secrets                 list           GET    deletedsecrets            listDeleted
/// PUT    secrets/N               set            GET    deletedsecrets/N          getDeleted
/// GET    secrets/N[/V]           get            POST   deletedsecrets/N/recover  recover
/// PATCH  secrets/N[/V]           update         DELETE deletedsecrets/N          purge
/// GET    secrets/N/versions      versions       POST   secrets/N/backup          backup
/// DELETE secrets/N               delete         POST   secrets/restore           restore
/// ```
enum VaultRequest: Hashable, Sendable {
    case list
    case set(String)
    case get(String, version: String?)
    case update(String, version: String?)
    case versions(String)
    case delete(String)
    case listDeleted
    case getDeleted(String)
    case recover(String)
    case purge(String)
    case backup(String)
    case restore

    /// Nil when there is no such thing; a slash at the end changes nothing.
    init?(_ method: HTTPRequest.Method, _ path: String) {
        let parts = path.split(separator: "/").map { PercentCoding.decode($0) }
        guard let first = parts.first?.lowercased(), parts.count <= 3 else { return nil }
        let name = parts.count > 1 ? parts[1] : nil
        let last = parts.count > 2 ? parts[2] : nil
        switch (method, first, name, last) {
        case (.get, "secrets", nil, nil): self = .list
        case (.post, "secrets", "restore"?, nil): self = .restore
        case (.put, "secrets", let name?, nil): self = .set(name)
        case (.get, "secrets", let name?, "versions"?): self = .versions(name)
        case (.get, "secrets", let name?, let version): self = .get(name, version: version)
        case (.patch, "secrets", let name?, let version): self = .update(name, version: version)
        case (.delete, "secrets", let name?, nil): self = .delete(name)
        case (.post, "secrets", let name?, "backup"?): self = .backup(name)
        case (.get, "deletedsecrets", nil, nil): self = .listDeleted
        case (.get, "deletedsecrets", let name?, nil): self = .getDeleted(name)
        case (.post, "deletedsecrets", let name?, "recover"?): self = .recover(name)
        case (.delete, "deletedsecrets", let name?, nil): self = .purge(name)
        default: return nil
        }
    }

    /// Every kind, as metrics name it.
    static let routes: [(method: String, template: String)] = [
        ("GET", "secrets"), ("PUT", "secrets/{name}"), ("GET", "secrets/{name}"), ("PATCH", "secrets/{name}"),
        ("GET", "secrets/{name}/versions"), ("DELETE", "secrets/{name}"), ("GET", "deletedsecrets"),
        ("GET", "deletedsecrets/{name}"), ("POST", "deletedsecrets/{name}/recover"),
        ("DELETE", "deletedsecrets/{name}"),
        ("POST", "secrets/{name}/backup"), ("POST", "secrets/restore"),
    ]

    /// Its place in ``routes``.
    var routeIndex: Int {
        switch self {
        case .list: 0
        case .set: 1
        case .get: 2
        case .update: 3
        case .versions: 4
        case .delete: 5
        case .listDeleted: 6
        case .getDeleted: 7
        case .recover: 8
        case .purge: 9
        case .backup: 10
        case .restore: 11
        }
    }

    /// What it needs.
    var right: VaultRight {
        switch self {
        case .list, .versions, .listDeleted: .list
        case .set, .update: .set
        case .get, .getDeleted: .get
        case .delete: .delete
        case .recover: .recover
        case .purge: .purge
        case .backup: .backup
        case .restore: .restore
        }
    }

    /// The secret it is about.
    var secretName: String? {
        switch self {
        case .list, .listDeleted, .restore: nil
        case .set(let name), .get(let name, _), .update(let name, _), .versions(let name), .delete(let name),
            .getDeleted(let name), .recover(let name), .purge(let name), .backup(let name):
            name
        }
    }
}

extension VaultRight {
    /// What a personal access token needs for it.
    var scope: TokenScope {
        switch self {
        case .get, .list: .secrets
        case .set, .delete, .recover, .purge, .backup, .restore: .secretsManage
        }
    }
}
