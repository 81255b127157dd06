/// A machine that is being made; what provisioners talk to.
///
/// One call at a time. After `finish` or `discard` comes nothing but `discard`, which may come at any time and more than once.
public protocol ImageMachine: Sendable {
    /// What `build` knows of it in templates: `ID`, `Host`, `ConnType` and others.
    var facts: [String: String] { get }

    /// Runs a command line with the machine's shell; cancelling the task ends all that it started.
    ///
    /// - Parameters:
    ///   - command: the line, with environment and user.
    ///   - output: gets each line as it comes.
    /// - Returns: the exit code.
    /// - Throws: ``ImageBuildFailure/disconnected(_:)`` when the machine cannot be reached, and what keeps the command from starting.
    func run(_ command: MachineCommand, output: @escaping @Sendable (MachineOutput) -> Void) async throws -> Int32

    /// Brings a file, a folder or bytes into the machine.
    func upload(_ source: FileSource, to path: String) async throws

    /// Brings a file or a folder out of the machine; a slash at the end of `path` means what is in the folder.
    func download(_ path: String, to folder: String) async throws

    /// Does a piece of work whose result a machine with layers keeps under a key, and does not do again.
    ///
    /// Machines without layers run the body each time.
    func step(_ key: StepKey, _ body: () async throws -> Void) async throws -> StepOutcome

    /// Does something with the machine as it is now, and leaves no trace of it in the image.
    func trial(_ body: () async throws -> Void) async throws

    /// Ends the work and captures the image.
    func finish() async throws -> ImageArtifact

    /// Takes away everything but what `finish` gave.
    func discard() async
}

extension ImageMachine {
    /// Machines that cannot forget have nothing to be tried on.
    public func trial(_ body: () async throws -> Void) async throws {
        throw ImageBuildFailure.setting("The image cannot be tried: its machine has no layers.")
    }
}
