import FoundationEssentials

/// Quantities of upkeep as people read them.
public enum UpkeepText {
    /// Such as `1.5 GB`; units of 1000.
    public static func size(_ bytes: Int) -> String {
        for (unit, name) in [(1_000_000_000, "GB"), (1_000_000, "MB"), (1000, "kB")] where abs(bytes) >= unit {
            let tenths = (bytes * 10 + (bytes < 0 ? -unit : unit) / 2) / unit
            return tenths % 10 == 0 || abs(tenths) >= 1000
                ? "\(tenths / 10) \(name)" : "\(tenths / 10).\(abs(tenths) % 10) \(name)"
        }
        return "\(bytes) B"
    }

    /// Such as `0.3 s`, and from ten seconds on as ``age(_:)``.
    public static func cost(_ seconds: Double) -> String {
        guard seconds < 10 else { return age(seconds) }
        let tenths = Int((max(0, seconds) * 10).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10) s" : "\(tenths / 10).\(tenths % 10) s"
    }

    /// Such as `3 d`, `5 h`, `20 min` or `8 s`.
    public static func age(_ seconds: Double) -> String {
        let seconds = max(0, seconds)
        for (unit, name) in [(86_400.0, "d"), (3600, "h"), (60, "min")] where seconds >= unit {
            return "\(Int(seconds / unit)) \(name)"
        }
        return "\(Int(seconds)) s"
    }
}
