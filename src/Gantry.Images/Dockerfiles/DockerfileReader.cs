namespace Gantry.Images.Dockerfiles;

/// <summary>Finds and parses the Dockerfile of a request.</summary>
internal static class DockerfileReader
{
    /// <summary>Reads the Dockerfile; throws <c>GAN3001</c>, <c>GAN3002</c>, <c>GAN3004</c> or <c>GAN3005</c>.</summary>
    public static async Task<DockerfileDocument> ReadAsync(ImageBuildRequest request, CancellationToken cancellationToken)
    {
        var text = await TextFile.TryReadAsync(request.Dockerfile, cancellationToken)
            ?? throw DockerfileErrors.DockerfileMissing(request.Dockerfile);
        return DockerfileParser.Parse(request.DisplayName(request.Dockerfile), text);
    }
}
