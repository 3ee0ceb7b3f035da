namespace Gantry.Images.Dockerfiles;

/// <summary>Finds and parses the Dockerfile of a request.</summary>
internal static class DockerfileReader
{
    /// <summary>Reads the Dockerfile; throws <c>GAN3001</c>, <c>GAN3002</c>, <c>GAN3004</c> or <c>GAN3005</c>.</summary>
    public static async Task<DockerfileDocument> ReadAsync(ImageBuildRequest request, CancellationToken cancellationToken)
    {
        var text = await TextFile.TryReadAsync(request.Dockerfile, cancellationToken)
            ?? throw ImageErrors.DockerfileMissing(request.Dockerfile);
        return DockerfileParser.Parse(DisplayName(request.Context, request.Dockerfile), text);
    }

    /// <summary>Returns the path relative to the build context when the file is in it: short, and the same on every machine.</summary>
    public static string DisplayName(string context, string file)
    {
        var relative = Path.GetRelativePath(context, file).Replace(Path.DirectorySeparatorChar, '/');
        return relative.StartsWith("../", StringComparison.Ordinal) || Path.IsPathRooted(relative) ? file : relative;
    }
}
