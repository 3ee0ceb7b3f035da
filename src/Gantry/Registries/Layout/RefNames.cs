using Gantry.Oci;

namespace Gantry.Registries.Layout;

/// <summary>Maps the tags of a repository to names in the index of a layout: <c>org.opencontainers.image.ref.name</c>.</summary>
/// <seealso href="https://github.com/opencontainers/image-spec/blob/v1.1.1/annotations.md#pre-defined-annotation-keys">
/// OCI image-spec 1.1.1, annotations
/// </seealso>
internal abstract class RefNames
{
    /// <summary>The annotation that names an image.</summary>
    public const string Annotation = "org.opencontainers.image.ref.name";

    /// <summary>The names in a layout of one repository: the name is the tag.</summary>
    public static RefNames Tags { get; } = new TagNames();

    /// <summary>
    /// Creates the names for a layout that several repositories share, as in archives: the name is <c>repository:tag</c>. An image whose
    /// name has no repository belongs to all of them.
    /// </summary>
    /// <param name="repository">The repository, or null for all.</param>
    public static RefNames ForRepository(string? repository) => new SharedNames(repository);

    /// <summary>Returns the tag of an entry; null when it has none in this repository.</summary>
    public abstract string? TagOf(Descriptor entry);

    /// <summary>
    /// Returns true when the name of this entry is exactly the one that <see cref="NameOf"/> returns, and not only equivalent to it.
    /// </summary>
    public bool IsNamed(Descriptor entry, string tag) => entry.Annotations?.GetValueOrDefault(Annotation) == NameOf(tag);

    /// <summary>Returns the name of a tag in the index.</summary>
    public abstract string NameOf(string tag);

    private sealed class TagNames : RefNames
    {
        public override string? TagOf(Descriptor entry) => entry.Annotations?.GetValueOrDefault(Annotation);

        public override string NameOf(string tag) => tag;
    }

    private sealed class SharedNames(string? repository) : RefNames
    {
        // The full name of an image in containerd, and so in every current Docker engine; the other annotation then has the tag alone.
        private const string ContainerdName = "io.containerd.image.name";

        public override string? TagOf(Descriptor entry)
        {
            var name = entry.Annotations?.GetValueOrDefault(Annotation);
            if (name?.Contains(':', StringComparison.Ordinal) != true)
                name = entry.Annotations?.GetValueOrDefault(ContainerdName) ?? name;
            if (name is null)
                return null;

            var colon = name.LastIndexOf(':');
            if (colon < 0 || name.IndexOf('/', colon) >= 0)
                return Names.IsTag(name) ? name : null;
            return IsOurs(name[..colon]) && Names.IsTag(name[(colon + 1)..]) ? name[(colon + 1)..] : null;
        }

        public override string NameOf(string tag) => repository is null ? tag : $"{repository}:{tag}";

        // Archives contain "localhost:5000/team/app", "docker.io/library/app" or "app", depending on the name where they were created.
        private bool IsOurs(string name) =>
            repository is null || name == repository || name.EndsWith("/" + repository, StringComparison.Ordinal);
    }
}
