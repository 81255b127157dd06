import ArgumentParser

/// Which provider makes the machines of a run.
enum FaultProviderKind: String, ExpressibleByArgument, CaseIterable, Sendable, Codable {
    case process
    case sandbox
}

/// Why a run cannot go on.
struct FaultFailure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
