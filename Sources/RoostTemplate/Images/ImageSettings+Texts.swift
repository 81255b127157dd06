extension ImageSettings {
    /// A text; nil when it is not there, empty, or not known yet.
    func text(_ name: String) -> String? { self[name]?.text.flatMap { $0.isEmpty ? nil : $0 } }

    func truth(_ name: String) -> Bool { self[name]?.truth ?? false }

    func whole(_ name: String) -> Int? { self[name]?.number?.int }

    /// Texts of a list.
    func texts(_ name: String) -> [String] { self[name]?.list?.compactMap(\.text) ?? [] }

    /// One block, or the only one of a list.
    func block(_ name: String) -> ImageSettings? { self[name]?.settings ?? blocks(name).first }

    /// All blocks of a name.
    func blocks(_ name: String) -> [ImageSettings] {
        if let one = self[name]?.settings { return [one] }
        return self[name]?.list?.compactMap(\.settings) ?? []
    }

    /// A map of texts.
    func map(_ name: String) -> [String: String] {
        var map: [String: String] = [:]
        for entry in self[name]?.settings?.entries ?? [] { map[entry.name] = entry.value.text }
        return map
    }
}
