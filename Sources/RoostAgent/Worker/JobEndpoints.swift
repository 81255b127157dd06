import Synchronization

/// The service connections of a job; steps may change them for those that follow.
final class JobEndpoints: Sendable {
    private let endpoints: Mutex<[JobEndpoint]>

    init(_ endpoints: [JobEndpoint]) { self.endpoints = Mutex(endpoints) }

    var all: [JobEndpoint] { endpoints.withLock { $0 } }

    /// One by its id or its name, which are found ignoring case.
    func find(_ nameOrID: String) -> JobEndpoint? {
        let wanted = nameOrID.lowercased()
        return endpoints.withLock { all in
            all.first { $0.id == wanted } ?? all.first { !$0.isSystemConnection && $0.name.lowercased() == wanted }
        }
    }

    /// Changes one; false when there is none of the id.
    func change(_ id: String, _ body: (inout JobEndpoint) -> Void) -> Bool {
        endpoints.withLock { all in
            guard let place = all.firstIndex(where: { $0.id == id.lowercased() }) else { return false }
            body(&all[place])
            return true
        }
    }
}
