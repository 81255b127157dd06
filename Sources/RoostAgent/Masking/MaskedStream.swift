/// Hides secrets in a stream of bytes that comes in chunks cut anywhere.
///
/// Overlapping and touching finds become one replacement. At most the length of the longest pattern, less one, is held back at the end of
/// a chunk, and only when a secret may have begun there.
public struct MaskedStream: Sendable {
    private let masker: SecretMasker
    private var generation = 0
    private var scanner = MaskScanner(.empty)
    /// Bytes that may be the begin of a secret.
    private var held: [UInt8] = []
    /// How many of the next bytes belong to a secret whose replacement is out already; negative when the last was none.
    private var covered = -1

    public init(_ masker: SecretMasker) { self.masker = masker }

    /// How many bytes wait for more.
    public var heldCount: Int { held.count }

    /// Takes the next bytes.
    ///
    /// - Parameters:
    ///   - bytes: the next of the stream.
    ///   - emit: takes masked bytes, any number of times; they are valid during the call.
    public mutating func process(_ bytes: UnsafeRawBufferPointer, emit: (UnsafeRawBufferPointer) -> Void) {
        guard !bytes.isEmpty else { return }
        refresh()
        if held.isEmpty {
            let undecided = hide(bytes, isLast: false, emit: emit)
            held.append(contentsOf: bytes[undecided...])
        } else {
            held.append(contentsOf: bytes)
            let text = held
            let undecided = text.withUnsafeBytes { hide($0, isLast: false, emit: emit) }
            held.removeFirst(undecided)
        }
    }

    /// Gives out what is held back, because no more bytes come or a line has ended.
    public mutating func flush(emit: (UnsafeRawBufferPointer) -> Void) {
        guard !held.isEmpty else { return }
        refresh()
        let text = held
        held.removeAll(keepingCapacity: true)
        _ = text.withUnsafeBytes { hide($0, isLast: true, emit: emit) }
    }

    private mutating func refresh() {
        guard let news = masker.table(newerThan: generation) else { return }
        generation = news.generation
        scanner = MaskScanner(news.table)
    }

    /// Emits what is decided and gives the place where the undecided part begins.
    private mutating func hide(
        _ text: UnsafeRawBufferPointer,
        isLast: Bool,
        emit: (UnsafeRawBufferPointer) -> Void
    ) -> Int {
        var written = 0
        var maskEnd = covered
        let undecided = scanner.search(text, isLast: isLast) { begin, end in
            if begin > maskEnd {
                let from = max(written, maskEnd)
                if from < begin { emit(UnsafeRawBufferPointer(rebasing: text[from..<begin])) }
                SecretMasker.replacementBytes.withUnsafeBytes(emit)
                written = begin
            }
            maskEnd = max(maskEnd, end)
        }
        let from = max(written, maskEnd)
        if from < undecided { emit(UnsafeRawBufferPointer(rebasing: text[from..<undecided])) }
        covered = maskEnd >= undecided ? maskEnd - undecided : -1
        return undecided
    }
}

extension SecretMasker {
    fileprivate static let replacementBytes = Array(replacement.utf8)
}
