/// A program whose presence is a capability.
public struct CapabilityTool: Hashable, Sendable {
    /// The capability; its value is the program's path.
    public var capability: String
    /// The first of these that is found counts.
    public var programs: [String]
    /// How the program is asked for its version; nil when it has no harmless way.
    public var versionArguments: [String]?

    /// The second capability, with the version: `git.Version`.
    public var versionCapability: String { "\(capability).Version" }

    init(_ capability: String, _ programs: String..., version: [String]? = ["--version"]) {
        self.capability = capability
        self.programs = programs
        versionArguments = version
    }

    /// The tools Azure Pipelines' agent looks for on Linux, and after them some that jobs ask for as often.
    public static let all: [CapabilityTool] = [
        CapabilityTool("AndroidSDK", "android", version: nil),
        CapabilityTool("ant", "ant", version: ["-version"]),
        CapabilityTool("AzureGuestAgent", "waagent", version: nil),
        CapabilityTool("bundler", "bundle"),
        CapabilityTool("clang", "clang"),
        CapabilityTool("cmake", "cmake"),
        CapabilityTool("curl", "curl"),
        CapabilityTool("docker", "docker"),
        CapabilityTool("dotnet", "dotnet"),
        CapabilityTool("git", "git"),
        CapabilityTool("gulp", "gulp"),
        CapabilityTool("java", "java", version: ["-version"]),
        CapabilityTool("JDK", "javac", version: ["-version"]),
        CapabilityTool("make", "make"),
        CapabilityTool("maven", "mvn"),
        CapabilityTool("MSBuild", "msbuild", "xbuild", version: ["-version"]),
        CapabilityTool("node.js", "node", "nodejs"),
        CapabilityTool("npm", "npm"),
        CapabilityTool("python", "python"),
        CapabilityTool("python3", "python3"),
        CapabilityTool("rake", "rake"),
        CapabilityTool("ruby", "ruby"),
        CapabilityTool("sh", "sh", version: nil),
        CapabilityTool("subversion", "svn"),
        CapabilityTool("svn", "svn"),
        CapabilityTool("bash", "bash"),
        CapabilityTool("gcc", "gcc"),
        CapabilityTool("go", "go", version: ["version"]),
        CapabilityTool("kubectl", "kubectl", version: ["version", "--client"]),
        CapabilityTool("podman", "podman"),
        CapabilityTool("pwsh", "pwsh"),
        CapabilityTool("rust", "rustc"),
        CapabilityTool("swift", "swift"),
    ]

    /// Names of all programs, for the watch.
    public static let programs = Set(all.flatMap(\.programs))
}
