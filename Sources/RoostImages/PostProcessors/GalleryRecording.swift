import RoostContent
import RoostTemplate

/// A version that is made of files when they are there.
struct GalleryRecording {
    let publication: GalleryPublication
    let gallery: any ImageGallery
    let files: FolderScan
    let facts: GalleryFacts
    let context: BuildContext

    /// Of builds that end at one moment, one gets the next number and the others those after it.
    private static let mostTries = 20

    func publish() async throws -> GalleryImage {
        for _ in 1..<Self.mostTries where publication.version == .next(major: nil) {
            do { return try await publishOnce() } catch GalleryFailure.numberTaken { continue }
        }
        return try await publishOnce()
    }

    private func publishOnce() async throws -> GalleryImage {
        // Other builds may have taken a number while this one ran.
        let number = try await gallery.number(for: publication, source: nil)
        let image = "/galleries/\(publication.image.gallery)/images/\(publication.image.image)"
        context.say(.step("Publishing \(image)/versions/\(number)"))
        return try await gallery.publish(files, as: publication, number: number, facts, say: context.say)
    }
}
