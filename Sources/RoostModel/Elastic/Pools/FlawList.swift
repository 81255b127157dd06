/// Collects what is wrong with settings.
struct FlawList {
    var flaws: [ElasticSettingFlaw] = []

    mutating func add(_ field: String, _ problem: String, _ advice: String) {
        flaws.append(ElasticSettingFlaw(field: field, problem: problem, advice: advice))
    }

    mutating func need(_ value: Int, in range: ClosedRange<Int>, _ field: String, advice: String? = nil) {
        guard !range.contains(value) else { return }
        let limits = "\(range.lowerBound) to \(range.upperBound)"
        add(field, "is \(value), which is not in \(limits)", advice ?? "Use \(limits).")
    }

    mutating func need(_ value: Duration, from least: Duration, to most: Duration, _ field: String) {
        guard value < least || value > most else { return }
        let limits = "\(least.components.seconds) to \(most.components.seconds) s"
        add(field, "is \(value.components.seconds) s, which is not in \(limits)", "Use \(limits).")
    }
}
