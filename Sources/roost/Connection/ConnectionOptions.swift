import ArgumentParser
import Foundation
import RoostModel

/// Which server a command talks to, and as whom.
///
/// A token is never an argument: others can read those.
struct ConnectionOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "URL of the organization, such as https://host/DefaultCollection (or ROOST_URL).",
            valueName: "url"
        )
    )
    var url: String?

    @Option(help: ArgumentHelp("File that holds the token (or ROOST_TOKEN with the token itself).", valueName: "file"))
    var tokenFile: String?

    @Option(help: ArgumentHelp("Project (or ROOST_PROJECT); the organization's first by default.", valueName: "name"))
    var project: String?

    @Option(
        help: ArgumentHelp(
            "PEM file of an authority to trust beside the system's (or ROOST_CACERT).",
            valueName: "file"
        )
    )
    var cacert: String?

    /// What holds after options, environment and the saved connection, in this order.
    ///
    /// A saved token is only sent to the server it was saved for.
    func target(_ environment: [String: String], saved: SavedConnection?) throws(CommandFailure) -> ConnectionTarget {
        let variable = { (name: String) in environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        guard let url = (url ?? variable("ROOST_URL") ?? saved?.url).map(ConnectionTarget.plainURL) else {
            throw .noURL
        }
        let own = saved.flatMap { ConnectionTarget.plainURL($0.url) == url ? $0 : nil }
        guard let token = try tokenFile.map(Self.token(inFile:)) ?? variable("ROOST_TOKEN") ?? own?.token else {
            throw .noToken(url: url)
        }
        return ConnectionTarget(
            url: url,
            token: Secret(token),
            project: project ?? variable("ROOST_PROJECT") ?? own?.project,
            cacert: cacert ?? variable("ROOST_CACERT") ?? own?.cacert
        )
    }

    /// The same, of this process, with a token that is good for a while.
    func current() async throws -> ConnectionTarget {
        let environment = ProcessInfo.processInfo.environment
        if tokenFile == nil, environment["ROOST_TOKEN"] ?? "" == "" {
            try await SavedConnection.renew(SavedConnection.path(environment))
        }
        return try target()
    }

    /// The same, of this process.
    func target() throws(CommandFailure) -> ConnectionTarget {
        let environment = ProcessInfo.processInfo.environment
        let path = SavedConnection.path(environment)
        // What is not needed must not be in the way.
        let isComplete = (url ?? environment["ROOST_URL"]) != nil && (tokenFile ?? environment["ROOST_TOKEN"]) != nil
        if isComplete { return try target(environment, saved: nil) }
        return try target(environment, saved: SavedConnection.load(path))
    }

    private static func token(inFile path: String) throws(CommandFailure) -> String {
        let text: String
        do { text = try String(contentsOfFile: path, encoding: .utf8) } catch {
            let exists = FileManager.default.fileExists(atPath: path)
            throw .tokenFileUnreadable(
                path: path,
                reason: exists ? "the file may not be read" : "there is no such file"
            )
        }
        guard let line = text.split(whereSeparator: \.isNewline).first?.trimmingCharacters(in: .whitespaces),
            !line.isEmpty
        else { throw .tokenFileUnreadable(path: path, reason: "the file is empty") }
        return line
    }
}

/// A server and who asks it.
struct ConnectionTarget: Sendable {
    var url: String
    var token: Secret
    var project: String?
    var cacert: String?

    /// Without slashes at the end, so that two spellings of an address are one.
    static func plainURL(_ text: String) -> String {
        var text = Substring(text)
        while text.last == "/" { text = text.dropLast() }
        return String(text)
    }
}
