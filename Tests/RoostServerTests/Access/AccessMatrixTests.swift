import Foundation
import Hummingbird
import RoostModel
import Testing

@testable import RoostServer

/// Every route of the server with every kind of credential, over HTTP.
///
/// What is expected stands in docs/access-matrix.txt, which people read; a new route has no row there until it was looked at and
/// `make snapshots` was run. Handlers do nothing here, so that the walk changes nothing; what a handler itself refuses is
/// tested beside it.
@Suite("Who reaches which route")
struct AccessMatrixTests {
    /// One kind of credential.
    private struct Column {
        var title: String
        var sender: LiveServer.Sender
        /// The path names things that are not the credential's own.
        var isForeign = false
    }

    private static let file = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "docs/access-matrix.txt")

    @Test("each route lets in whom the table says, and no route is without a row")
    func matrix() async throws {
        let reached: Route.Handler = { _ in Response(status: .init(code: 418)) }
        try await LiveServer.with(handler: reached) { server in
            let columns = try await Self.columns(server)
            var rows: [String: String] = [:]
            for route in server.app.routes {
                let marks = try await Self.marks(route, columns, server)
                let name = "\(route.method.rawValue) \(route.name)"
                #expect(rows.updateValue(marks, forKey: name) == nil, "\(name) is there twice")
            }
            let text = Self.text(columns.map(\.title), rows)
            if ProcessInfo.processInfo.environment["ROOST_UPDATE_SNAPSHOTS"] == "1" {
                try text.write(to: Self.file, atomically: true, encoding: .utf8)
            }
            let expected = try String(contentsOf: Self.file, encoding: .utf8)
            let (seen, known) = (Self.rows(text), Self.rows(expected))
            for (route, marks) in seen.sorted(by: { $0.key < $1.key }) {
                #expect(known[route] == marks, "\(route); review it, then run with ROOST_UPDATE_SNAPSHOTS=1")
            }
            #expect(Set(known.keys) == Set(seen.keys))
            #expect(text == expected, "review the difference, then run with ROOST_UPDATE_SNAPSHOTS=1")
        }
    }

    // MARK: Columns

    private static func columns(_ server: LiveServer) async throws -> [Column] {
        try await giveRoles(server)
        var columns = [Column(title: "no credential", sender: .nobody)]
        for scope in TokenScope.all {
            columns.append(Column(title: "administrator, \(scope)", sender: try await token(server, "ada", [scope])))
        }
        for user in roles.map(\.user) {
            columns.append(Column(title: user, sender: try await token(server, user, [.full])))
        }
        columns.append(Column(title: "no role at all", sender: try await token(server, "eve", [.full])))
        let enrollment = try await server.app.plane.createEnrollmentToken(
            for: server.seed.pool.id,
            uses: 1,
            days: 1,
            from: [],
            by: .system
        )
        let session = try server.app.plane.issueDashboardSession(pat: server.admin, lifetime: .seconds(3600))
        columns.append(Column(title: "dashboard session of an administrator", sender: .cookie(session?.exposed ?? "")))
        for isForeign in [false, true] {
            let whose = isForeign ? "other's" : "own"
            let enroller = LiveServer.Sender.basic(enrollment.value.exposed)
            columns += [
                Column(title: "enrollment token, \(whose) pool", sender: enroller, isForeign: isForeign),
                Column(title: "agent, \(whose)", sender: .bearer(try server.listener), isForeign: isForeign),
                Column(title: "job, \(whose)", sender: .bearer(try server.job), isForeign: isForeign),
            ]
        }
        return columns
    }

    /// People with one role each; all things are those of the seed.
    private static let roles: [(user: String, role: Role, on: @Sendable (ServerSeed) -> Secured)] = [
        ("reader of the organization", .reader, { _ in .organization }),
        ("contributor of the organization", .contributor, { _ in .organization }),
        ("creator of pools", .creator, { _ in .pools }),
        ("reader of the pool", .reader, { .pool($0.pool.id) }),
        ("service account of the pool", .serviceAccount, { .pool($0.pool.id) }),
        ("administrator of the pool", .administrator, { .pool($0.pool.id) }),
        ("reader of the project", .reader, { .project($0.project.id) }),
        ("contributor of the project", .contributor, { .project($0.project.id) }),
        ("administrator of the project", .administrator, { .project($0.project.id) }),
        ("user of the pipeline", .user, { .pipeline($0.pipeline.id) }),
        ("administrator of another project", .administrator, { .project($0.otherProject.id) }),
    ]

    private static func giveRoles(_ server: LiveServer) async throws {
        // As an organization that shows nobody anything they were not given.
        try await server.app.plane.removeRole(of: .everyone, on: .organization, by: .system)
        for (user, role, on) in roles {
            _ = try await server.app.plane.assignRole(role, to: .user(user), on: on(server.seed), by: .system)
        }
    }

    private static func token(
        _ server: LiveServer,
        _ user: String,
        _ scopes: Set<TokenScope>
    ) async throws
        -> LiveServer.Sender
    {
        let made = try await server.app.plane.createToken(
            user: user,
            name: "matrix",
            scopes: scopes,
            lifetime: .seconds(3600),
            by: .system
        )
        return .basic(made.value.exposed)
    }

    // MARK: Rows

    private static func marks(_ route: Route, _ columns: [Column], _ server: LiveServer) async throws -> String {
        var marks = ""
        for column in columns {
            let path = RoutePath.of(
                route,
                column.isForeign ? RoutePath.foreign(server.seed) : RoutePath.own(server.seed)
            )
            let verb = try #require(LiveServer.Verb(rawValue: route.method.rawValue))
            let answer = try await server.send(verb, path, as: column.sender)
            switch answer.status {
            case 418: marks += "+"
            case 401: marks += "?"
            case 403: marks += "-"
            default: marks += "(\(answer.status))"
            }
        }
        return marks
    }

    private static func text(_ titles: [String], _ rows: [String: String]) -> String {
        let names = rows.keys.sorted { ($0.split(separator: " ")[1], $0) < ($1.split(separator: " ")[1], $1) }
        let width = (names.map(\.count).max() ?? 0) + 2
        var lines = [
            "Who reaches which route: + the handler, - refused (403), ? a credential is asked for (401).",
            "A handler may refuse more, such as what belongs to another job. Written by a test that asks the server.",
            "",
        ]
        for (number, title) in titles.enumerated() {
            lines.append("\(String(repeating: " ", count: width))\(String(repeating: "|", count: number))\(title)")
        }
        for name in names {
            lines.append(name.padding(toLength: width, withPad: " ", startingAt: 0) + (rows[name] ?? ""))
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The marks by route.
    private static func rows(_ text: String) -> [String: String] {
        var rows: [String: String] = [:]
        for line in text.split(separator: "\n") where line.contains("/") && !line.hasPrefix(" ") {
            let parts = line.split(separator: " ")
            guard parts.count == 3 else { continue }
            rows["\(parts[0]) \(parts[1])"] = String(parts[2])
        }
        return rows
    }
}
