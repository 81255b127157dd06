public import FoundationEssentials
import RoostClient
import RoostModel

/// What says where the servers are and how one proves who one is: variables of the environment, and files of the home folder.
public struct LookupEnvironment: Sendable {
    public var variables: [String: String]
    public var homeFolder: String
    /// Product and version.
    public var userAgent: String
    /// The moment, for requests that are signed.
    public var now: @Sendable () -> Date

    public init(
        variables: [String: String],
        homeFolder: String,
        userAgent: String,
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.variables = variables
        self.homeFolder = homeFolder
        self.userAgent = userAgent
        self.now = now
    }

    /// A variable, unless it is empty.
    subscript(_ name: String) -> String? { variables[name].flatMap { $0.isEmpty ? nil : $0 } }

    /// A variable that is a truth; what is none counts as false.
    func truth(_ name: String) -> Bool? {
        self[name].map { ["1", "t", "true", "yes"].contains($0.lowercased()) }
    }

    func file(_ path: String) -> String? {
        let whole = path == "~" || path.hasPrefix("~/") ? homeFolder + path.dropFirst() : path
        return FileManager.default.contents(atPath: whole).map { String(decoding: $0, as: UTF8.self) }
    }

    /// How a service is reached, by the names of the variables that say it.
    func client(
        for url: String,
        authority: String,
        verifies: Bool,
        certificate: String? = nil,
        key: String? = nil
    ) throws(ClientError) -> WebClient {
        let options = ClientOptions(
            userAgent: userAgent,
            timeout: .seconds(30),
            retries: 0,
            authorityFile: self[authority],
            verifiesCertificates: verifies,
            proxy: proxy(for: url)
        )
        return try WebClient(
            options: options,
            certificateFile: certificate.flatMap { self[$0] },
            keyFile: key.flatMap { self[$0] }
        )
    }

    /// As most programs read it: by the scheme, and not for hosts that `no_proxy` names.
    func proxy(for url: String) -> Proxy? { Proxy(environment: variables, for: url) }
}
