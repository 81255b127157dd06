import RoostModel
import Testing

@Suite("Who may make an elastic pool")
struct ElasticCreationTests {
    private struct Case: CustomTestStringConvertible, Sendable {
        var description: String
        var onProvider: Role?
        var onPools: Role?
        /// A role, and whether the pool is made in the project; nil makes it in the organization.
        var inProject: Role??
        /// The permission to use the connection that is given; nil gives none.
        var mayUse: Bool?
        var isForAll = false
        var lack: ElasticCreation.Lack?

        var testDescription: String { description }
    }

    private static let cases = [
        Case(description: "an owner, in the organization", onProvider: .owner),
        Case(description: "an access administrator, in the organization", onProvider: .userAccessAdministrator),
        Case(description: "a reader of the provider", onProvider: .reader, lack: .right),
        Case(description: "a creator of pools", onPools: .creator, lack: .right),
        Case(description: "a creator of pools with a connection", onPools: .creator, mayUse: true),
        Case(description: "with a connection alone", mayUse: true, lack: .pools),
        Case(
            description: "an owner with another's connection",
            onProvider: .owner,
            mayUse: false,
            lack: .connection("c")
        ),
        Case(
            description: "an owner in a project of others",
            onProvider: .owner,
            inProject: .some(.reader),
            lack: .project("p")
        ),
        Case(
            description: "an owner who contributes to the project",
            onProvider: .owner,
            inProject: .some(.contributor)
        ),
        Case(description: "the project's administrator alone", inProject: .some(.administrator), lack: .right),
        Case(
            description: "the project's administrator with a connection",
            inProject: .some(.administrator),
            mayUse: true
        ),
        Case(
            description: "the project's administrator with a connection, for all projects",
            inProject: .some(.administrator),
            mayUse: true,
            isForAll: true,
            lack: .allProjects
        ),
        Case(
            description: "a contributor with a connection",
            inProject: .some(.contributor),
            mayUse: true,
            lack: .projectOfOthers("p")
        ),
        Case(
            description: "a contributor who creates pools, with a connection, for all projects",
            onPools: .creator,
            inProject: .some(.contributor),
            mayUse: true,
            isForAll: true
        ),
        Case(description: "nobody", lack: .right),
    ]

    @Test("the right to make machines and the right to the place are both needed", arguments: cases)
    private func judgement(_ known: Case) {
        func permissions(_ role: Role?, _ kind: SecuredKind) -> Set<Permission> {
            role?.permissions(on: kind, isInherited: false) ?? []
        }
        let creation = ElasticCreation(
            provider: .init("sandbox", permissions(known.onProvider, .provider)),
            pools: permissions(known.onPools, .pools),
            project: known.inProject.map { .init("p", permissions($0, .project)) },
            connection: known.mayUse.map { .init("c", $0 ? [.view, .use] : [.view]) },
            isForAllProjects: known.isForAll
        )
        switch creation.judgement {
        case .success: #expect(known.lack == nil)
        case .failure(let refused): #expect(refused.lack == known.lack)
        }
    }

    @Test("a refusal names who lacks what, and both ways to get it")
    func words() {
        let lacks: [ElasticCreation.Lack] = [.right, .connection("azure"), .pools, .projectOfOthers("shop")]
        for lack in lacks {
            let refusal = ElasticCreationRefusal(.user("ada"), provider: "sandbox", lack)
            #expect(refusal.summary.hasPrefix("user:ada may not make an elastic pool with provider 'sandbox'"))
            #expect(refusal.advice?.contains("roost provider role add sandbox owner --to user:ada") == true)
            #expect(refusal.advice?.hasPrefix("Either ") == true, "both ways: \(refusal.advice ?? "")")
        }
    }

    @Test("who makes things in an organization makes no machines for that; its administrators own every provider")
    func inheritance() {
        #expect(Role.contributor.permissions(on: .provider, isInherited: true) == [.view])
        #expect(Role.administrator.permissions(on: .provider, isInherited: true) == Set(Permission.allCases))
        #expect(Secured("provider:sandbox") == .provider("Sandbox"))
        #expect(Role(name: "User Access Administrator") == .userAccessAdministrator)
    }

    @Test("sets are named in Azure DevOps' shape; names that sets get by themselves are nobody else's")
    func sets() {
        #expect(MachineSet.parts(of: "/providers/roost/sandbox/sets/web").map { "\($0) \($1 ?? "-")" } == "sandbox web")
        #expect(MachineSet.parts(of: "/providers/roost/sandbox").map { "\($0) \($1 ?? "-")" } == "sandbox -")
        #expect(MachineSet.parts(of: "/subscriptions/1/resourceGroups/g") == nil)
        #expect(MachineSet.isOwnName("pool-4") && !MachineSet.isOwnName("pool-x") && !MachineSet.isOwnName("web"))
    }
}
