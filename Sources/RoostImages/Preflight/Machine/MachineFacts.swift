import Foundation

/// Answers questions about the machine that builds.
public struct MachineFacts: PreflightSource {
    private let environment: [String: String]

    public init(environment: [String: String]) { self.environment = environment }

    public func answer(
        _ question: PreflightQuestion,
        until deadline: ContinuousClock.Instant
    ) async -> PreflightAnswer? {
        guard case .machine(let question) = question else { return nil }
        switch question {
        case .place(let path): return .found(.place(Self.place(path)))
        case .program(let name):
            if name.hasPrefix("/") { return access(name, X_OK) == 0 ? .found(.program(path: name)) : .missing }
            guard let path = try? HostPrograms.find(name, environment) else { return .missing }
            return .found(.program(path: path))
        }
    }

    private static func place(_ path: String) -> PlaceFact {
        var status = stat()
        let isThere = stat(path, &status) == 0
        let isFolder = isThere && status.st_mode & S_IFMT == S_IFDIR
        let folder = isFolder ? path : nearestFolder(above: path)
        return PlaceFact(
            isThere: isThere,
            isFolder: isFolder,
            bytes: isThere && !isFolder ? Int(status.st_size) : 0,
            isWritable: access(folder, W_OK | X_OK) == 0,
            folder: folder,
            freeBytes: freeBytes(folder)
        )
    }

    /// What is not there yet is made in it.
    private static func nearestFolder(above path: String) -> String {
        var place = URL(filePath: path).standardized
        var status = stat()
        while place.path != "/", place.path != "" {
            place.deleteLastPathComponent()
            if stat(place.path, &status) == 0 { return place.path }
        }
        return "/"
    }

    private static func freeBytes(_ folder: String) -> Int {
        var status = statvfs()
        guard statvfs(folder, &status) == 0 else { return .max }
        let (bytes, isTooMuch) = Int(clamping: status.f_bavail).multipliedReportingOverflow(
            by: Int(clamping: status.f_frsize)
        )
        return isTooMuch ? .max : bytes
    }
}
