public import RoostTemplate

/// A provisioner or a post-processor at work for one target.
public struct StepWork: Sendable {
    public let target: ImageTarget
    public let type: String
    /// With everything computed but text templates.
    public let settings: ImageSettings
    public let run: RunningBuild
    public let context: BuildContext
    /// What was made; of a post-processor, only what it did is talked to.
    public let machine: any ImageMachine
    let runtime: BuildRuntime

    public func say(_ text: String) { context.say(.step(text)) }
    public func tell(_ text: String) { context.say(.detail(text)) }

    public func isGiven(_ name: String) -> Bool {
        guard let value = settings[name] else { return false }
        if let list = value.list { return !list.isEmpty }
        return value.text != ""
    }

    /// A text with its template rendered; nil when it is not given or empty.
    public func text(_ name: String, data: [String: String] = [:]) throws -> String? {
        guard let value = settings[name] else { return nil }
        let text = try rendered(value, data)
        return text.isEmpty ? nil : text
    }

    public func texts(_ name: String, data: [String: String] = [:]) throws -> [String] {
        guard let value = settings[name] else { return [] }
        return try (value.list ?? [value]).map { try rendered($0, data) }
    }

    public func map(_ name: String) throws -> [String: String] {
        guard let entries = settings[name]?.settings?.entries else { return [:] }
        return try Dictionary(entries.map { ($0.name, try rendered($0.value, [:])) }) { $1 }
    }

    public func truth(_ name: String) -> Bool { settings[name]?.truth ?? false }

    public func wholes(_ name: String) -> [Int]? {
        guard let value = settings[name] else { return nil }
        let numbers = (value.list ?? [value]).compactMap { $0.number?.int }
        return numbers.isEmpty ? nil : numbers
    }

    public func duration(_ name: String) throws -> Duration? {
        guard let text = try text(name) else { return nil }
        guard let duration = Duration(templateText: text) else {
            throw ImageBuildFailure.setting("\"\(text)\", which is \"\(name)\" of \(type), is no duration")
        }
        return duration
    }

    /// A text template that is not in the settings, such as a default.
    public func rendered(_ template: String, data: [String: String] = [:]) throws -> String {
        do { return try run.rendered(template, data: data) } catch { throw ImageBuildFailure(error) }
    }

    private func rendered(_ value: SettingValue, _ data: [String: String]) throws -> String {
        do { return try run.text(value, data: data) ?? "" } catch { throw ImageBuildFailure(error) }
    }

    /// The machine's path of a file of this machine.
    func path(_ path: String) -> String {
        if path.hasPrefix("~/"), let home = context.environment["HOME"] { return home + path.dropFirst() }
        return context.path(path)
    }

    /// The file that an address was fetched to.
    func fetched(_ address: String) throws(ImageBuildFailure) -> String {
        guard let path = context.fetched[address] else {
            throw .file(path: FetchAddress.shown(address), reason: "it was not fetched")
        }
        return path
    }

    /// Fails with an exit code that the settings do not allow.
    func check(_ code: Int32) throws {
        let allowed = wholes("valid_exit_codes") ?? [0]
        guard allowed.contains(Int(code)) else { throw ImageBuildFailure.exitCode(code, allowed: allowed) }
    }
}
