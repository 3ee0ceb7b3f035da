using Gantry.Oci;

namespace Gantry.Images;

/// <summary>The labels and annotations of every image.</summary>
/// <seealso href="https://github.com/opencontainers/image-spec/blob/v1.1.1/annotations.md#pre-defined-annotation-keys">
/// OCI image-spec 1.1.1, pre-defined annotation keys
/// </seealso>
public static class StandardLabels
{
    internal const string Created = "org.opencontainers.image.created";
    internal const string BaseName = "org.opencontainers.image.base.name";
    internal const string BaseDigest = "org.opencontainers.image.base.digest";

    /// <summary>Returns the standard labels and those of the request, which take precedence.</summary>
    /// <param name="request">The image to build.</param>
    /// <param name="baseImage">The base image with its digest; null when there is none or when it is unknown.</param>
    public static IReadOnlyDictionary<string, string> For(ImageBuildRequest request, ImageReference? baseImage) =>
        For(request, baseImage, standIn: false);

    internal static SortedDictionary<string, string> For(ImageBuildRequest request, ImageReference? baseImage, bool standIn)
    {
        var labels = new SortedDictionary<string, string>(StringComparer.Ordinal) { [Created] = Format.Rfc3339(request.SourceDate) };
        if (baseImage is { Digest: not null })
            AddBase(labels, baseImage);
        if (standIn)
            labels[StandInLabel.Name] = StandInLabel.Value;
        foreach (var (name, value) in request.Labels)
            labels[name] = value;
        return labels;
    }

    internal static void AddBase(SortedDictionary<string, string> labels, ImageReference baseImage)
    {
        labels[BaseName] = (baseImage with { Digest = baseImage.Tag is null ? baseImage.Digest : null }).ToString();
        labels[BaseDigest] = baseImage.Digest!.Value.ToString();
    }
}
