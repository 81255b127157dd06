import Foundation
import RoostModel
import Testing

/// Roles as pure values.
@Suite("Roles")
struct RoleBookTests {
    private static let project = ProjectID(UUID())
    private static let pool: [Secured] = [.pool(PoolID(4)), .pools, .organization]
    private static let environment: [Secured] = [.environment(EnvironmentID(2)), .project(project), .organization]
    private static let pipeline: [Secured] = [.pipeline(PipelineID(1)), .project(project), .organization]

    private static func book(_ given: (RoleHolder, Role, Secured)...) -> RoleBook {
        RoleBook(given.map { RoleAssignment($0.0, $0.1, on: $0.2, givenBy: "system", givenAt: Date()) })
    }

    @Test("what is given above holds below, and what is given below holds nowhere else")
    func inheritance() {
        let book = Self.book((.user("ada"), .administrator, .pools), (.user("bob"), .administrator, .pool(PoolID(4))))
        #expect(book.permissions(of: .user("ada"), on: Self.pool).contains(.manage))
        #expect(book.permissions(of: .user("bob"), on: Self.pool).contains(.manage))
        #expect(book.permissions(of: .user("bob"), on: [.pool(PoolID(5)), .pools, .organization]).isEmpty)
        #expect(book.permissions(of: .user("ada"), on: Self.pipeline).isEmpty)
    }

    @Test("a contributor makes things in a project and does not own what others made there")
    func contributor() {
        let book = Self.book((.user("ada"), .contributor, .project(Self.project)))
        #expect(book.permissions(of: .user("ada"), on: Self.pipeline) == [.view, .use, .create])
        #expect(book.permissions(of: .user("ada"), on: Self.environment) == [.view, .use])
    }

    @Test("everyone's roles are each one's, and the wider of two counts")
    func everyone() {
        let book = Self.book((.everyone, .reader, .organization), (.user("ada"), .user, .environment(EnvironmentID(2))))
        #expect(book.permissions(of: .user("bob"), on: Self.environment) == [.view])
        #expect(book.permissions(of: .user("ada"), on: Self.environment) == [.view, .use])
        #expect(book.reasons(of: .user("ada"), on: Self.environment).map(\.role) == [.user, .reader])
    }

    @Test("names of people are compared ignoring case; things and holders survive their text")
    func texts() {
        #expect(RoleHolder("user:Ada") == .user("ada"))
        #expect(RoleHolder("identity:nonsense") == nil)
        #expect(RoleHolder("group:x") == nil)
        for secured in Self.pool + Self.environment + Self.pipeline { #expect(Secured(secured.description) == secured) }
        #expect(Secured("pool") == nil)
        #expect(Secured("organization:1") == nil)
        #expect(Role(name: "Service Account") == .serviceAccount)
        #expect(Role(name: "service-account") == .serviceAccount)
        #expect(Role(name: "king") == nil)
    }

    @Test("each role can be given where it says something, and each kind has a role that allows everything")
    func kinds() {
        for kind in SecuredKind.allCases {
            #expect(kind.roles.last == (kind == .provider ? .owner : .administrator))
            #expect(kind.roles.last?.permissions(on: kind, isInherited: false) == Set(Permission.allCases))
            let widths = kind.roles.map { $0.permissions(on: kind, isInherited: false).count }
            #expect(widths == widths.sorted(), "narrowest first on \(kind)")
        }
    }
}
