/// Lines and branches that tests reached, over any number of files with summaries.
///
/// A line that stands in several summaries is counted once: it is covered when any of them reached it.
struct CoverageTally {
    struct Line: Hashable {
        var isCovered = false
        var branches: Int32 = 0
        var coveredBranches: Int32 = 0
    }

    private var lines: [String: [Int32: Line]] = [:]
    private var known = 0
    /// Of summaries that have no lines.
    private var totals = (covered: 0, lines: 0, coveredBranches: 0, branches: 0)

    /// More lines are no program; a file that has them is refused.
    private static let lineLimit = 20_000_000

    /// False when there are too many.
    mutating func add(_ number: Int, of file: String, isCovered: Bool, branches: Int, coveredBranches: Int) -> Bool {
        guard let number = Int32(exactly: number) else { return true }
        var line = lines[file, default: [:]][number] ?? Line()
        if line == Line(), lines[file]?[number] == nil { known += 1 }
        line.isCovered = line.isCovered || isCovered
        line.branches = max(line.branches, Int32(clamping: branches))
        line.coveredBranches = max(line.coveredBranches, Int32(clamping: min(branches, coveredBranches)))
        lines[file, default: [:]][number] = line
        return known < Self.lineLimit
    }

    mutating func addTotals(covered: Int, lines: Int, coveredBranches: Int, branches: Int) {
        totals.covered += covered
        totals.lines += lines
        totals.coveredBranches += coveredBranches
        totals.branches += branches
    }

    var files: Int { lines.count }

    /// Covered and all lines, covered and all branches.
    var sums: (covered: Int, lines: Int, coveredBranches: Int, branches: Int) {
        var sums = totals
        for file in lines.values {
            for line in file.values {
                sums.lines += 1
                sums.covered += line.isCovered ? 1 : 0
                sums.branches += Int(line.branches)
                sums.coveredBranches += Int(line.coveredBranches)
            }
        }
        return sums
    }
}
