import RoostModel

extension Call {
    /// Refuses a job what the template that it builds does not name; people and programs are judged by their scopes and roles.
    ///
    /// A job reads the image that its template begins with, and reads and publishes the definitions that it distributes to. Whatever else a
    /// pipeline runs, its jobs reach no gallery.
    func checkImageJob(writes: Bool = false) throws(ControlError) {
        guard case .job(_, let run, _, _) = principal else { return }
        let gallery = text("galleryName").lowercased()
        let image = text("imageName").lowercased()
        let template = plane.read { state in
            state.imageTemplates.values.first { $0.lastRun?.id == run && $0.lastRun?.isActive == true }
        }
        let reach = (template?.distributesTo ?? []) + (writes ? [] : [template?.source?.key].compactMap(\.self))
        // What is about a gallery as a whole has no definition in its path.
        let isInReach = reach.contains { $0.gallery == gallery && (image.isEmpty || $0.definition == image) }
        guard isInReach else {
            throw .imageTemplate(.jobReach("/galleries/\(gallery)\(image.isEmpty ? "" : "/images/\(image)")"))
        }
    }
}
