/// What a browser calls itself, in the words people use, such as `Firefox on Linux`.
enum BrowserName {
    /// Reads a `User-Agent`; the text itself, cut, when nothing in it is known.
    ///
    /// Browsers name those they are compatible with, too, so that the order counts.
    static func read(_ header: String?) -> String {
        guard let header, !header.isEmpty else { return "browser" }
        guard let program = programs.first(where: { header.contains($0.mark) })?.name else {
            return String(header.prefix { $0 != "/" && $0 != " " }.prefix(60))
        }
        guard let system = systems.first(where: { header.contains($0.mark) })?.name else { return program }
        return "\(program) on \(system)"
    }

    private static let programs: [(mark: String, name: String)] = [
        ("HeadlessChrome/", "headless Chrome"), ("Edg/", "Edge"), ("OPR/", "Opera"),
        ("Firefox/", "Firefox"), ("Chromium/", "Chromium"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
    ]

    private static let systems: [(mark: String, name: String)] = [
        ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
        ("Mac OS X", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux"),
    ]
}
