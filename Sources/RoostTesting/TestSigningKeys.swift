public import Foundation
import RoostWire
import Synchronization

/// Keys for the servers of tests: making one takes long, so that all servers have the same few, each in the same order.
public enum TestSigningKeys {
    private static let made = Mutex<[Data]>([])

    /// A source for one server; no key comes twice from it.
    public static func source() -> @Sendable () throws -> Data {
        let count = Counter()
        return { try key(count.next()) }
    }

    private final class Counter: Sendable {
        private let value = Mutex(0)
        func next() -> Int {
            value.withLock { value in
                value += 1
                return value - 1
            }
        }
    }

    private static func key(_ index: Int) throws -> Data {
        try made.withLock { made in
            while made.count <= index { made.append(try AgentKey.generate().der) }
            return made[index]
        }
    }
}
