using Gantry.Oci;

namespace Gantry.Registries.Layout;

/// <summary>How the tags of a repository stand in the index of a layout: as <c>org.opencontainers.image.ref.name</c>.</summary>
/// <seealso href="https://github.com/opencontainers/image-spec/blob/v1.1.1/annotations.md#pre-defined-annotation-keys">OCI image-spec 1.1.1, annotations</seealso>
internal abstract class RefNames
{
    /// <summary>The annotation that names an image.</summary>
    public const string Annotation = "org.opencontainers.image.ref.name";

    /// <summary>A layout of one repository: the name is the tag.</summary>
    public static RefNames Tags { get; } = new TagNames();

    /// <summary>
    /// A layout that several repositories share, as archives do: the name is <c>repository:tag</c>. An image without the name of a
    /// repository belongs to all of them.
    /// </summary>
    /// <param name="repository">The repository, or null for whichever.</param>
    public static RefNames ForRepository(string? repository) => new SharedNames(repository);

    /// <summary>The tag of an entry, or null when it has none here.</summary>
    public abstract string? TagOf(Descriptor entry);

    /// <summary>Whether this entry bears the very name that <see cref="NameOf"/> gives, as opposed to one that only means the same.</summary>
    public bool IsNamed(Descriptor entry, string tag) => entry.Annotations?.GetValueOrDefault(Annotation) == NameOf(tag);

    /// <summary>What a tag is written as.</summary>
    public abstract string NameOf(string tag);

    private sealed class TagNames : RefNames
    {
        public override string? TagOf(Descriptor entry) => entry.Annotations?.GetValueOrDefault(Annotation);

        public override string NameOf(string tag) => tag;
    }

    private sealed class SharedNames(string? repository) : RefNames
    {
        // What containerd, and with it every current Docker engine, calls an image in full; the other annotation then has the tag alone.
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

        // Archives say "localhost:5000/team/app", "docker.io/library/app" or "app" of what was called so where they were made.
        private bool IsOurs(string name) => repository is null || name == repository || name.EndsWith("/" + repository, StringComparison.Ordinal);
    }
}
