import Glibc
import Synchronization

/// The way of a step's output from the process to the log.
///
/// Bytes become lines; lines with a logging command are taken out and carried out in their place; the rest is masked, gets timestamps and
/// goes to the sink. Secrets that a command declares are masked from the next line on.
public final class StepOutput: ProcessOutput {
    /// A line that grows longer than this is passed on before it ends.
    static let longestHeldLine = 64 << 10
    /// A logging command may be this long.
    static let longestCommand = 16 << 20

    private let state: Mutex<State>
    private let sink: any LogSink
    private let command: @Sendable (_ line: String, _ number: Int) -> LineVerdict

    /// - Parameters:
    ///   - masker: the secrets of the job.
    ///   - sink: takes the log.
    ///   - command: judges a line that contains `##vso[`; told the number the line would have. It must not write to this output.
    public init(
        masker: SecretMasker,
        sink: any LogSink,
        command: @escaping @Sendable (_ line: String, _ number: Int) -> LineVerdict
    ) {
        state = Mutex(State(stream: MaskedStream(masker)))
        self.sink = sink
        self.command = command
    }

    /// Lines shown so far.
    public var lineCount: Int { state.withLock { $0.framer.lineCount } }

    public func receive(_ bytes: UnsafeRawBufferPointer) {
        state.withLock { state in
            state.stamp = LogTimestamp.now()
            state.take(bytes, command)
            state.write(to: sink)
        }
    }

    /// Takes whole lines of another stream; a line of the first that has no end yet stays as it is.
    func receiveWholeLines(_ bytes: UnsafeRawBufferPointer) {
        state.withLock { state in
            state.stamp = LogTimestamp.now()
            state.takeLines(bytes, command)
            state.write(to: sink)
        }
    }

    public func pause() {
        state.withLock { state in
            // In the middle of a line the rest of a secret may still come.
            guard !state.isInsideLongLine else { return }
            state.stamp = LogTimestamp.now()
            state.flush()
            state.write(to: sink)
        }
    }

    /// Adds a line of the agent's own, or several.
    public func writeLine(_ text: String) {
        state.withLock { state in
            state.stamp = LogTimestamp.now()
            state.show(text)
            state.write(to: sink)
        }
    }

    /// The process has ended: its last line counts as complete.
    public func endLine() {
        state.withLock { state in
            state.stamp = LogTimestamp.now()
            state.end(command)
            state.write(to: sink)
        }
    }

    /// No more lines come.
    public func finish() {
        endLine()
        sink.finish()
    }
}

/// What is on its way; see ``StepOutput``.
private struct State {
    var stream: MaskedStream
    var framer = LineFramer()
    var stamp: [UInt8] = []
    /// The begin of a line whose end has not come.
    var tail: [UInt8] = []
    /// The begin of the present line was passed on already.
    var isInsideLongLine = false
    /// What goes to the sink next.
    var log: [UInt8] = []

    init(stream: MaskedStream) { self.stream = stream }

    typealias Command = (String, Int) -> LineVerdict

    mutating func write(to sink: any LogSink) {
        guard !log.isEmpty else { return }
        log.withUnsafeBytes(sink.write)
        // One huge burst must not hold its memory for the rest of the step.
        log.removeAll(keepingCapacity: log.capacity <= 4 << 20)
    }

    mutating func take(_ bytes: UnsafeRawBufferPointer, _ command: Command) {
        var rest = bytes
        if !tail.isEmpty || isInsideLongLine {
            guard let end = LineEnds.first(in: rest) else {
                tail.append(contentsOf: rest)
                return passOnLongTail()
            }
            tail.append(contentsOf: rest[..<end])
            var line: [UInt8] = []
            swap(&line, &tail)
            line.withUnsafeBytes { lines($0, command) }
            rest = UnsafeRawBufferPointer(rebasing: rest[end...])
        }
        let end = LineEnds.last(in: rest)
        lines(UnsafeRawBufferPointer(rebasing: rest[..<end]), command)
        tail.append(contentsOf: rest[end...])
        passOnLongTail()
    }

    mutating func takeLines(_ bytes: UnsafeRawBufferPointer, _ command: Command) {
        if isInsideLongLine { end { _, _ in .show } }
        lines(bytes, command)
    }

    mutating func end(_ command: Command) {
        if !tail.isEmpty {
            var line = tail + [10]
            tail = []
            line.withUnsafeMutableBytes { lines(UnsafeRawBufferPointer($0), command) }
        }
        flush()
        framer.endLine(&log)
        isInsideLongLine = false
    }

    mutating func show(_ text: String) {
        if isInsideLongLine { end { _, _ in .show } }
        flush()
        var text = text + "\n"
        text.withUTF8 { feed(UnsafeRawBufferPointer($0)) }
        flush()
    }

    /// Gives out what the masker holds back.
    mutating func flush() {
        var out = Output(taking: &log, framer, stamp)
        stream.flush { out.append($0) }
        (log, framer) = (out.log, out.framer)
    }

    // MARK: Lines

    /// Takes whole lines.
    private mutating func lines(_ text: UnsafeRawBufferPointer, _ command: Command) {
        guard !text.isEmpty else { return }
        var start = 0
        if isInsideLongLine, let end = LineEnds.first(in: text) {
            isInsideLongLine = false
            feed(UnsafeRawBufferPointer(rebasing: text[..<end]))
            start = end
        }
        while let hit = ByteSearch.find(VSOCommand.prefix, in: text, from: start) {
            let line = LineEnds.line(around: hit, in: text, from: start)
            feed(UnsafeRawBufferPointer(rebasing: text[start..<line.lowerBound]))
            flush()
            let content = String(decoding: text[line], as: UTF8.self)
            switch command(content, framer.lineCount + 1) {
            case .show:
                start = line.lowerBound
                feed(UnsafeRawBufferPointer(rebasing: text[start...line.upperBound]))
            case .replace(let lines):
                for line in lines { show(line) }
                if text[line.upperBound] == 13 { framer.skipLineFeed() }
            }
            start = line.upperBound + 1
        }
        feed(UnsafeRawBufferPointer(rebasing: text[start...]))
    }

    /// A line without end must not fill the memory; only a command is waited for longer.
    private mutating func passOnLongTail() {
        guard tail.count > StepOutput.longestHeldLine else { return }
        let isCommand =
            !isInsideLongLine && tail.count <= StepOutput.longestCommand
            && tail.withUnsafeBytes { ByteSearch.find(VSOCommand.prefix, in: $0, from: 0) != nil }
        guard !isCommand else { return }
        let cut = tail.withUnsafeBytes(LineEnds.characterBoundary)
        var piece: [UInt8] = []
        swap(&piece, &tail)
        piece.withUnsafeBytes { feed(UnsafeRawBufferPointer(rebasing: $0[..<cut])) }
        tail.append(contentsOf: piece[cut...])
        isInsideLongLine = true
    }

    /// Masks text and adds it to the log.
    private mutating func feed(_ text: UnsafeRawBufferPointer) {
        guard !text.isEmpty else { return }
        var out = Output(taking: &log, framer, stamp)
        URLPasswords.hide(in: text) { piece in
            stream.process(piece) { out.append($0) }
        }
        (log, framer) = (out.log, out.framer)
    }
}

/// The log while the masker writes to it.
private struct Output {
    var log: [UInt8] = []
    var framer: LineFramer
    let stamp: [UInt8]

    /// Takes the bytes over without a copy.
    init(taking log: inout [UInt8], _ framer: LineFramer, _ stamp: [UInt8]) {
        self.framer = framer
        self.stamp = stamp
        swap(&self.log, &log)
    }

    mutating func append(_ text: UnsafeRawBufferPointer) { framer.append(text, stamp: stamp, to: &log) }
}
