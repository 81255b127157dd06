/// Runs the containers of jobs.
protocol ContainerEngine: Sendable {
    /// One line for logs.
    var summary: String { get }
    /// Containers use the machine's network, so their ports are the machine's.
    var usesMachineNetwork: Bool { get }
    func hasImage(_ image: String) async throws -> Bool
    /// Fetches an image; what the engine says meanwhile goes to the output.
    func pull(_ image: ImageName, authFile: String?, control: StopControl, output: any ProcessOutput) async throws
    func createNetwork(_ name: String, labels: [String]) async throws
    /// Starts a container in the background and gives its id.
    func start(_ start: ContainerStart, control: StopControl) async throws -> String
    func state(_ id: String) async throws -> ContainerState
    /// Runs the health check of an image once.
    func isHealthy(_ id: String, control: StopControl) async throws -> Bool
    /// The last lines a container wrote.
    func log(_ id: String, lines: Int) async throws -> String
    /// Published ports: that of the container, and that of the machine.
    func ports(_ id: String) async throws -> [(inside: String, outside: String)]
    /// A process in a container that runs.
    func exec(_ id: String, _ call: ContainerCall) -> ProcessLaunch
    /// Ends and deletes containers and networks with a label; gives the ids of containers.
    func remove(label: String) async throws -> [String]
    /// Gives files that other users of containers left in folders to the agent's user.
    func reclaim(_ folders: [String]) async
}

/// A container to start.
struct ContainerStart: Sendable, Hashable {
    var name: String
    var alias: String
    var image: String
    var labels: [String]
    /// Nil where containers use the machine's network.
    var network: String?
    /// Names of other containers, with their addresses.
    var hosts: [String: String]
    /// Words of `options`.
    var options: [String]
    var environment: ClientEnvironment
    var ports: [String]
    var volumes: [String]
    /// It waits for calls in place of running the image's own program.
    var waitsForCalls: Bool
    var workingDirectory: String?
}

/// What an engine knows of a container.
struct ContainerState: Sendable, Hashable {
    var isRunning: Bool
    var exitCode: Int32
    var hasHealthCheck: Bool
    /// Its address in the job's network.
    var address: String
    /// PATH of the image.
    var path: String
}

/// A program to run in a container.
struct ContainerCall: Sendable, Hashable {
    var command: [String]
    var environment: ClientEnvironment
    var workingDirectory: String
    /// Nil is the user of the options.
    var user: String?
}
