import FoundationEssentials
import RoostModel

/// A stored access token: its hash, never its text.
struct TokenRow: StoredRow {
    struct Body: Codable {
        var name: String
        var hash: String
        var scopes: [String]
        var createdAt: Double
        var expiresAt: Double
        var revokedAt: Double?
        var lastUsedAt: Double?
    }

    static let table = SQLTable("access_tokens", columns: ["id", "owner", "body"])

    var id: UUID
    var owner: String
    var body: String

    var values: [SQLValue] { [.id(TokenID(id)), .text(owner), .text(body)] }

    init(_ token: AccessToken, _ coding: BodyCoding) throws {
        id = token.id.rawValue
        owner = token.user
        body = try coding.encode(
            Body(
                name: token.name,
                hash: token.hash,
                scopes: token.scopes.map(\.rawValue).sorted(),
                createdAt: token.createdAt.timeIntervalSinceReferenceDate,
                expiresAt: token.expiresAt.timeIntervalSinceReferenceDate,
                revokedAt: token.revokedAt?.timeIntervalSinceReferenceDate,
                lastUsedAt: token.lastUsedAt?.timeIntervalSinceReferenceDate
            )
        )
    }

    init(reading columns: inout ColumnReader) throws {
        id = try columns.uuid()
        owner = try columns.text()
        body = try columns.text()
    }

    func noun(_ coding: BodyCoding) throws -> AccessToken {
        let body: Body = try coding.decode(body, table: Self.table.name, row: id)
        return AccessToken(
            id: TokenID(id),
            user: owner,
            name: body.name,
            hash: body.hash,
            scopes: Set(body.scopes.map { TokenScope(rawValue: $0) }),
            createdAt: Date(timeIntervalSinceReferenceDate: body.createdAt),
            expiresAt: Date(timeIntervalSinceReferenceDate: body.expiresAt),
            revokedAt: body.revokedAt.map { Date(timeIntervalSinceReferenceDate: $0) },
            lastUsedAt: body.lastUsedAt.map { Date(timeIntervalSinceReferenceDate: $0) }
        )
    }
}
