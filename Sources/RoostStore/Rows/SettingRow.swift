/// A stored setting: a name, and its bytes in base64.
struct SettingRow {
    static let table = SQLTable("settings", key: ["name"], columns: ["name", "content"])
}
