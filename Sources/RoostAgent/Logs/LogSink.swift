/// Takes the lines of one record as they are to be kept: masked, with timestamps.
public protocol LogSink: Sendable {
    /// Takes the next bytes; a line that is very long comes in several calls.
    ///
    /// Called by one thread at a time; may block while it stores them.
    func write(_ bytes: UnsafeRawBufferPointer)
    /// No more lines come.
    func finish()
}

/// What becomes of a line that holds a logging command.
public enum LineVerdict: Sendable {
    /// It is shown as it is.
    case show
    /// It is not shown; these lines, if any, take its place.
    case replace([String])
}
