import FoundationEssentials
import RoostLanguage

extension ServerConfiguration {
    /// Reads file, environment and flags, each winning over the one before, and reports all problems at once.
    ///
    /// - Parameters:
    ///   - file: path of a configuration file, or nil.
    ///   - environment: as the process has it; only names of ``keys`` are looked at.
    ///   - flags: by name of the key, without dashes.
    /// - Returns: the configuration.
    /// - Throws: ``ConfigurationError`` with every problem and its place.
    public static func load(
        file: String? = nil,
        environment: [String: String] = [:],
        flags: [String: String] = [:]
    ) throws(ConfigurationError) -> ServerConfiguration {
        var loading = ConfigurationLoading()
        if let file { loading.read(file: file) }
        loading.read(environment: environment)
        for (name, value) in flags.sorted(by: { $0.key < $1.key }) {
            loading.set(name, to: value, at: "--\(name)")
        }
        return try loading.finish()
    }

    /// The same from the words of a command line, where `--config FILE` (or `ROOST_CONFIG`) names the file.
    ///
    /// A flag is written `--name value` or `--name=value`; a switch without a value is true.
    ///
    /// - Parameters:
    ///   - arguments: the words after the command.
    ///   - environment: as the process has it.
    /// - Returns: the configuration.
    /// - Throws: ``ConfigurationError`` with every problem and its place.
    public static func load(
        arguments: [String],
        environment: [String: String]
    ) throws(ConfigurationError)
        -> ServerConfiguration
    {
        var loading = ConfigurationLoading()
        var words = ConfigurationWords(arguments)
        let flags = words.read()
        if let file = flags.last(where: { $0.name == "config" })?.value ?? environment["ROOST_CONFIG"] {
            loading.read(file: file)
        }
        loading.problems += words.problems
        loading.read(environment: environment)
        for flag in flags where flag.name != "config" { loading.set(flag.name, to: flag.value, at: "--\(flag.name)") }
        return try loading.finish()
    }

    /// A Markdown table of all keys, for the documentation.
    public static func markdownTable() -> String {
        var text = "| Key and flag | Environment | Value | Default | Meaning |\n|---|---|---|---|---|\n"
        for key in keys {
            let value = key.defaultText.isEmpty ? "none" : "`\(key.defaultText)`"
            text +=
                "| `\(key.name)`, `\(key.flag)` | `\(key.environmentName)` | \(key.kind) | \(value) | \(key.documentation) |\n"
        }
        return text
    }
}

/// A configuration while it is read.
private struct ConfigurationLoading {
    var configuration = ServerConfiguration()
    var problems: [ConfigurationProblem] = []
    private static let byName = Dictionary(
        ServerConfiguration.keys.map { ($0.name, $0) },
        uniquingKeysWith: { first, _ in first }
    )

    mutating func read(file: String) {
        let text: String
        do { text = try String(contentsOfFile: file, encoding: .utf8) } catch {
            problems.append(ConfigurationProblem(place: file, text: "the file cannot be read"))
            return
        }
        let parsed = ConfigurationFile(text, name: file)
        problems += parsed.problems
        var places: [String: String] = [:]
        for setting in parsed.settings {
            if let first = places.updateValue(setting.place, forKey: setting.key) {
                problems.append(
                    ConfigurationProblem(place: setting.place, text: "'\(setting.key)' is already set at \(first)")
                )
            }
            set(setting.key, to: setting.value, at: setting.place)
        }
    }

    mutating func read(environment: [String: String]) {
        for key in ServerConfiguration.keys {
            guard let value = environment[key.environmentName] else { continue }
            set(key.name, to: value, at: key.environmentName)
        }
    }

    mutating func set(_ name: String, to value: String, at place: String) {
        guard let key = Self.byName[name] else {
            let near = nearName(name, among: Self.byName.keys.sorted()).map { "; did you mean '\($0)'?" } ?? ""
            problems.append(ConfigurationProblem(place: place, text: "there is no key '\(name)'\(near)"))
            return
        }
        if let problem = key.set(&configuration, value) {
            problems.append(ConfigurationProblem(place: place, text: "'\(name)': \(problem.text)"))
        }
    }

    mutating func finish() throws(ConfigurationError) -> ServerConfiguration {
        if (configuration.tlsCertificate == nil) != (configuration.tlsKey == nil) {
            let (given, missing) =
                configuration.tlsKey == nil ? ("tls-certificate", "tls-key") : ("tls-key", "tls-certificate")
            problems.append(ConfigurationProblem(place: given, text: "'\(missing)' must be given too"))
        }
        guard problems.isEmpty else { throw ConfigurationError(problems) }
        return configuration
    }
}

/// The words of a command line that set keys.
private struct ConfigurationWords {
    private var words: ArraySlice<String>
    private(set) var problems: [ConfigurationProblem] = []

    init(_ arguments: [String]) { words = arguments[...] }

    mutating func read() -> [(name: String, value: String)] {
        var flags: [(name: String, value: String)] = []
        while let word = words.popFirst() {
            guard word.hasPrefix("--"), word.count > 2 else {
                problems.append(ConfigurationProblem(place: word, text: "a flag was expected, such as --port 8080"))
                continue
            }
            let body = word.dropFirst(2)
            if let equals = body.firstIndex(of: "=") {
                flags.append((String(body[..<equals]), String(body[body.index(after: equals)...])))
            } else if let value = value(of: String(body)) {
                flags.append((String(body), value))
            }
        }
        return flags
    }

    private mutating func value(of name: String) -> String? {
        if let next = words.first, !next.hasPrefix("--") { return words.removeFirst() }
        if ServerConfiguration.keys.contains(where: { $0.name == name && $0.isSwitch }) { return "true" }
        problems.append(ConfigurationProblem(place: "--\(name)", text: "a value must follow"))
        return nil
    }
}
