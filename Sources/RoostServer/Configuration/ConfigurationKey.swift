/// One line of the configuration's table: everything about a key but its value.
public struct ConfigurationKey: Sendable {
    /// As the file and the command line spell it, such as `long-poll-hold`.
    public let name: String
    /// What kind of value it takes, for people.
    public let kind: String
    /// One or two sentences for the documentation.
    public let documentation: String
    /// In the form the file takes; empty when there is none.
    public let defaultText: String
    /// A flag without a value means true.
    let isSwitch: Bool
    let set: @Sendable (inout ServerConfiguration, String) -> ValueProblem?
    /// The value in a configuration, in the form the file takes.
    let read: @Sendable (ServerConfiguration) -> String

    /// Such as `ROOST_LONG_POLL_HOLD`.
    public var environmentName: String { "ROOST_" + name.uppercased().replacing("-", with: "_") }
    /// Such as `--long-poll-hold`.
    public var flag: String { "--\(name)" }

    init<Value: ConfigurationValue>(
        _ name: String,
        _ path: any WritableKeyPath<ServerConfiguration, Value> & Sendable,
        _ documentation: String,
        kind: String? = nil,
        check: @escaping @Sendable (Value) -> String? = { _ in nil }
    ) {
        self.name = name
        self.kind = kind ?? Value.kind
        self.documentation = documentation
        defaultText = ServerConfiguration()[keyPath: path].configurationText
        isSwitch = Value.self == Bool.self
        read = { $0[keyPath: path].configurationText }
        set = { configuration, text in
            do throws(ValueProblem) {
                let value = try Value(configuration: text)
                if let problem = check(value) { return ValueProblem(problem) }
                configuration[keyPath: path] = value
                return nil
            } catch {
                return error
            }
        }
    }

    /// A key whose value must lie in a range.
    init<Value: ConfigurationValue & Comparable>(
        _ name: String,
        _ path: any WritableKeyPath<ServerConfiguration, Value> & Sendable,
        in range: ClosedRange<Value>,
        _ documentation: String
    ) {
        let bounds = "\(range.lowerBound.configurationText) to \(range.upperBound.configurationText)"
        self.init(name, path, documentation, kind: "\(Value.kind), \(bounds)") { value in
            range.contains(value) ? nil : "\(value.configurationText) is not in \(bounds)"
        }
    }
}
