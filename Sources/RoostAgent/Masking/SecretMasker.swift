import Synchronization

/// The secrets of a job, and the texts that hide them.
///
/// Secrets can be added at any time from any thread; streams that are already running use them from their next bytes on.
public final class SecretMasker: Sendable {
    /// What stands in a log for a secret.
    public static let replacement = "***"

    private struct State {
        var values: Set<String> = []
        var patterns: Set<[UInt8]> = []
        var table = MaskTable.empty
        /// Patterns were added since the table was made.
        var isStale = false
    }

    private let state = Mutex(State())
    /// Rises with each change of the patterns.
    private let generation = Atomic<Int>(0)

    public init() {}

    /// Hides a value and its encodings from now on.
    ///
    /// - Parameters:
    ///   - value: the secret; an empty one needs no hiding and is passed over.
    ///   - name: what to call it in a refusal.
    /// - Returns: why it is not hidden; nil when it is.
    @discardableResult
    public func add(_ value: String, name: String) -> SecretRefusal? {
        guard !value.isEmpty else { return nil }
        if let refusal = SecretEncodings.refusal(of: value, name: name) { return refusal }
        state.withLock { state in
            guard state.values.insert(value).inserted else { return }
            state.patterns.formUnion(SecretEncodings.patterns(of: value))
            state.isStale = true
            generation.add(1, ordering: .releasing)
        }
        return nil
    }

    /// A text with all secrets in it hidden.
    public func mask(_ text: String) -> String {
        guard generation.load(ordering: .acquiring) > 0 else { return text }
        var stream = MaskedStream(self)
        var masked: [UInt8] = []
        var text = text
        text.withUTF8 { bytes in
            stream.process(UnsafeRawBufferPointer(bytes)) { masked.append(contentsOf: $0) }
        }
        stream.flush { masked.append(contentsOf: $0) }
        return String(decoding: masked, as: UTF8.self)
    }

    /// The table of all patterns, when it is another than that of a generation.
    func table(newerThan known: Int) -> (table: MaskTable, generation: Int)? {
        guard generation.load(ordering: .acquiring) != known else { return nil }
        return state.withLock { state in
            if state.isStale {
                state.table = MaskTable(state.patterns)
                state.isStale = false
            }
            return (state.table, generation.load(ordering: .relaxed))
        }
    }
}
