import Synchronization

/// Passes what comes from standard error on to a step's output in whole lines, and notes whether there was any.
final class ErrorLines: ProcessOutput {
    private struct State {
        var tail: [UInt8] = []
        var hasText = false
    }

    private let output: StepOutput
    private let state = Mutex(State())

    init(output: StepOutput) { self.output = output }

    /// Something else than white space was written.
    var hasText: Bool { state.withLock { $0.hasText } }

    func receive(_ bytes: UnsafeRawBufferPointer) {
        state.withLock { state in
            if !state.hasText { state.hasText = bytes.contains { $0 > 32 } }
            let end = LineEnds.last(in: bytes)
            if end > 0 {
                state.tail.append(contentsOf: bytes[..<end])
                state.tail.withUnsafeBytes(output.receiveWholeLines)
                state.tail.removeAll(keepingCapacity: true)
            }
            state.tail.append(contentsOf: bytes[end...])
            if state.tail.count > StepOutput.longestHeldLine { passOn(&state) }
        }
    }

    func pause() { output.pause() }

    /// Nothing more comes: a line without end is passed on too.
    func finish() {
        state.withLock { state in
            if !state.tail.isEmpty { passOn(&state) }
        }
    }

    private func passOn(_ state: inout State) {
        state.tail.append(10)
        state.tail.withUnsafeBytes(output.receiveWholeLines)
        state.tail = []
    }
}
