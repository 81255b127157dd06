import Foundation
import RoostModel

extension ProviderFailure {
    /// What is told when an error says that a disk is full.
    ///
    /// - Parameters:
    ///   - error: of whatever wrote.
    ///   - place: where it wrote.
    /// - Returns: nil for all others.
    static func fullDisk(_ error: any Error, _ place: String) -> ProviderFailure? {
        let isFull: Bool
        switch error {
        case let known as POSIXError: isFull = [.ENOSPC, .EDQUOT].contains(known.code)
        case let known as CocoaError: isFull = known.code == .fileWriteOutOfSpace
        case let known as any UserFacingError: isFull = known.code == "disk.full"
        default: isFull = false
        }
        return isFull ? .quota(room: 0, "\(place): \(noSpace)") : nil
    }

    /// The same failure, told as a full disk when a program's words say so: an image is not to be blamed for it.
    var seenAsDisk: ProviderFailure {
        switch self {
        case .failed(let text), .unavailable(let text, _), .image(_, let text):
            [Self.noSpace, Self.cutShort].contains { text.contains($0) } ? .quota(room: 0, text) : self
        case .throttled, .quota, .unknown: self
        }
    }

    /// As the C library and programs that speak English have it.
    private static let noSpace = "No space left on device"
    /// What tar says when a disk takes the beginning of a block and no more.
    private static let cutShort = "Wrote only"
}
