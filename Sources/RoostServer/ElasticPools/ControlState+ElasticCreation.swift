import FoundationEssentials
import RoostLanguage
import RoostModel

extension ControlState {
    /// Refuses who may not make an elastic pool.
    ///
    /// - Parameters:
    ///   - provider: makes its machines.
    ///   - project: gets a queue for it; nil makes it in the organization.
    ///   - isForAllProjects: all get one.
    ///   - connection: that is used.
    ///   - caller: who asks; the server itself may.
    /// - Returns: by what it is allowed, for the audit.
    /// - Throws: ``ElasticPoolError/creation(_:)``.
    func checkCreation(
        with provider: String,
        in project: ProjectID?,
        isForAllProjects: Bool,
        _ connection: ElasticConnection?,
        by caller: Caller
    ) throws(ControlError) -> String {
        guard let principal = caller.principal else { return "by the server" }
        guard let holder = principal.roleHolder else {
            throw .forbidden(what: "make pools", needs: "the token of a person or an identity")
        }
        func place(_ name: String, _ thing: Secured) -> ElasticCreation.Place {
            .init(name, roles.permissions(of: holder, on: chain(of: thing)))
        }
        let creation = ElasticCreation(
            provider: place(provider, .provider(provider)),
            pools: roles.permissions(of: holder, on: chain(of: .pools)),
            project: project.flatMap { projects[$0] }.map { place($0.name, .project($0.id)) },
            connection: connection.map { place($0.name, .serviceConnection($0.id.uuidString)) },
            isForAllProjects: isForAllProjects
        )
        switch creation.judgement {
        case .success(.role): return "by a role on the provider"
        case .success(.connection(let name)): return "by the service connection '\(name)'"
        case .failure(let refused):
            throw .elastic(.creation(ElasticCreationRefusal(holder, provider: provider, refused.lack)))
        }
    }

    /// Refuses a set that cannot be a new pool's.
    func checkSet(_ resource: String?, of provider: String) throws(ControlError) {
        guard let name = resource.flatMap({ MachineSet.parts(of: $0)?.set }), !MachineSet.isOwnName(name) else {
            return
        }
        guard name.utf8.count <= 64, name.utf8.allSatisfy({ $0.isWordByte || $0 == 0x2D || $0 == 0x2E }) else {
            throw .elastic(
                .setName(name, problem: "names have at most 64 letters, digits, dots, dashes and underscores")
            )
        }
        let owner = elastic.values.first {
            $0.pool.provider == provider && equalIgnoringCase($0.pool.setName, name)
        }
        if let owner {
            throw .elastic(.setName(name, problem: "it is the set of pool '\(pools[owner.pool.pool]?.name ?? "")'"))
        }
    }

    /// Two queues of a project have two names.
    func checkQueue(_ name: String, in project: ProjectID) throws(ControlError) {
        guard projects[project] != nil else { throw .projectNotFound(project.description) }
        let isTaken = queues.values.contains { $0.project == project && equalIgnoringCase($0.name, name) }
        if isTaken { throw .nameTaken(kind: "queue", name: name) }
    }
}

extension UInt8 {
    fileprivate var isWordByte: Bool {
        (0x30...0x39).contains(self) || (0x41...0x5A).contains(self) || (0x61...0x7A).contains(self) || self == 0x5F
    }
}
