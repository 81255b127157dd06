/// The settings of a component, in the order in which they are written.
public struct ImageSettings: Sendable {
    public struct Entry: Sendable, Hashable {
        public var name: String
        public var value: SettingValue
        /// Where the name is written.
        public var nameRange: HCLRange?

        public init(_ name: String, _ value: SettingValue, nameRange: HCLRange? = nil) {
            self.name = name
            self.value = value
            self.nameRange = nameRange
        }

        public static func == (left: Entry, right: Entry) -> Bool {
            left.name == right.name && left.value == right.value
        }

        public func hash(into hasher: inout Hasher) {
            hasher.combine(name)
            hasher.combine(value)
        }
    }

    public var entries: [Entry]
    /// Where a setting that is missing would be added.
    public var missingRange: HCLRange?

    public init(_ entries: [Entry] = [], missingRange: HCLRange? = nil) {
        self.entries = entries
        self.missingRange = missingRange
    }

    public func entry(_ name: String) -> Entry? { entries.first { $0.name == name } }

    /// The value of a setting; nil when it is not there or null.
    public subscript(name: String) -> SettingValue? {
        entry(name).flatMap { $0.value.isNull ? nil : $0.value }
    }

    /// Sets a value in the place of an earlier one, or after all others.
    public mutating func set(_ name: String, _ value: SettingValue, nameRange: HCLRange? = nil) {
        if let place = entries.firstIndex(where: { $0.name == name }) {
            entries[place] = Entry(name, value, nameRange: nameRange ?? entries[place].nameRange)
        } else {
            entries.append(Entry(name, value, nameRange: nameRange))
        }
    }

    /// These settings with those of others over them, as `override` does.
    public func overridden(by others: ImageSettings) -> ImageSettings {
        var result = self
        for entry in others.entries { result.set(entry.name, entry.value, nameRange: entry.nameRange) }
        return result
    }
}

extension ImageSettings: Hashable {
    /// The order of settings means nothing.
    public static func == (left: ImageSettings, right: ImageSettings) -> Bool {
        left.entries.count == right.entries.count && left.sorted == right.sorted
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(sorted) }

    private var sorted: [Entry] { entries.sorted { $0.name < $1.name } }
}
