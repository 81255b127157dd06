/// The known name that a misspelt one most likely means, for "Did you mean …?"; nil when none is near.
///
/// Names are compared ignoring case by the number of letters inserted, left out, changed or swapped; about one letter in three may differ.
/// A beginning of one name only, such as `bool` of `boolean`, means that name; so does a part of one only, such as `depth` of `fetchDepth`.
public func nearName(_ name: String, among names: some Sequence<String>) -> String? {
    let wanted = Array(name.lowercased().unicodeScalars)
    guard !wanted.isEmpty, wanted.count <= 64 else { return nil }
    let lower = name.lowercased()
    if wanted.count >= 3, let only = onlyName(among: names, where: { $0.hasPrefix(lower) }) { return only }
    let allowed = wanted.count <= 2 ? 1 : min(3, max(1, wanted.count / 3))
    var best: (name: String, distance: Int)?
    for candidate in names {
        let letters = Array(candidate.lowercased().unicodeScalars)
        guard abs(letters.count - wanted.count) <= allowed else { continue }
        let distance = editDistance(wanted, letters)
        // A one- or two-letter name that shares no letter is not a misspelling of the other.
        guard distance <= allowed, distance < max(wanted.count, letters.count) else { continue }
        if let best, best.distance <= distance { continue }
        best = (candidate, distance)
    }
    if best == nil, wanted.count >= 4 { return onlyName(among: names) { $0.contains(lower) } }
    return best?.name
}

/// The name whose lower-case form is such, when there is exactly one.
private func onlyName(among names: some Sequence<String>, where fits: (String) -> Bool) -> String? {
    var only: String?
    for candidate in names where fits(candidate.lowercased()) {
        guard only == nil else { return nil }
        only = candidate
    }
    return only
}

/// Edit distance with swaps of neighbours (optimal string alignment).
private func editDistance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
    var beforeLast = [Int](repeating: 0, count: right.count + 1)
    var last = Array(0...right.count)
    var row = last
    for i in 0..<left.count {
        row[0] = i + 1
        for j in 0..<right.count {
            let change = last[j] + (left[i] == right[j] ? 0 : 1)
            row[j + 1] = min(change, last[j + 1] + 1, row[j] + 1)
            if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
                row[j + 1] = min(row[j + 1], beforeLast[j - 1] + 1)
            }
        }
        (beforeLast, last, row) = (last, row, beforeLast)
    }
    return last[right.count]
}
