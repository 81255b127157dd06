import RoostModel
import Synchronization

/// One call of a provider, written down before it is made.
struct ElasticOperation: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        case create(Int)
        case reimage(Int)
        case delete(Int)
        /// A machine that no row needs, by the provider's name.
        case destroy(String)
        case list
    }

    var pool: PoolID
    var kind: Kind

    init(_ kind: Kind, in pool: PoolID) {
        self.pool = pool
        self.kind = kind
    }
}

/// Operations on their way from those who decide to those who act.
final class ElasticWork: Sendable {
    let operations: AsyncStream<ElasticOperation>
    private let continuation: AsyncStream<ElasticOperation>.Continuation
    /// Woken when a plan is due.
    let deadlines = DeadlineTimer()

    init() { (operations, continuation) = AsyncStream.makeStream() }

    func send(_ operation: ElasticOperation) { continuation.yield(operation) }
}
