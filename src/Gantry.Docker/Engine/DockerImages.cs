using Docker.DotNet;
using Docker.DotNet.Models;
using Gantry.Images;
using Gantry.Oci;
using Platform = Gantry.Oci.Platform;

namespace Gantry.Docker.Engine;

/// <summary>Pulls, tags and pushes named images with an engine.</summary>
internal sealed class DockerImages(DockerEngine engine, DockerCredentials credentials, IBuildLog log)
{
    /// <summary>Inspects an image in the engine. Returns null when the engine does not have it.</summary>
    public Task<ImageInspectResponse?> FindAsync(string name, CancellationToken cancellationToken) =>
        engine.CallAsync(
            $"inspect the image {name}",
            async client =>
            {
                try
                {
                    return await client.Images.InspectImageAsync(name, cancellationToken);
                }
                catch (DockerImageNotFoundException)
                {
                    return null;
                }
            },
            cancellationToken);

    /// <summary>Pulls an image, or throws <c>GAN6015</c>.</summary>
    public async Task PullAsync(ImageReference image, Platform? platform, CancellationToken cancellationToken)
    {
        var messages = new Messages(log);
        var parameters = new ImagesCreateParameters
        {
            FromImage = Repository(image),
            Tag = image.Digest?.ToString() ?? image.Tag,
            Platform = platform?.ToString(),
        };
        await CallAsync(
            $"pull {image}",
            client => client.Images.CreateImageAsync(
                parameters, credentials.For(image.Registry.Host) ?? new AuthConfig(), messages, cancellationToken),
            Refused,
            cancellationToken);
        if (messages.Error is { } error)
            throw Refused(error);

        GantryException Refused(string reason) =>
            DockerErrors.PullFailed(engine.Endpoint, image.ToString(), credentials.Secrets.Apply(reason));
    }

    /// <summary>Adds a name to an image.</summary>
    public Task TagAsync(ImageReference source, ImageReference target, CancellationToken cancellationToken) =>
        engine.CallAsync(
            $"tag {source} as {target}",
            client => client.Images.TagImageAsync(
                $"{Repository(source)}@{source.Digest}",
                new ImageTagParameters { RepositoryName = Repository(target), Tag = target.Tag },
                cancellationToken),
            cancellationToken);

    /// <summary>Pushes a tag and returns the digest of the manifest that the registry now has, or throws <c>GAN6016</c>.</summary>
    public async Task<Digest> PushAsync(ImageReference image, CancellationToken cancellationToken)
    {
        var messages = new Messages(log);
        await CallAsync(
            $"push {image}",
            client => client.Images.PushImageAsync(
                Repository(image),
                new ImagePushParameters { Tag = image.Tag },
                credentials.For(image.Registry.Host) ?? new AuthConfig(),
                messages,
                cancellationToken),
            Refused,
            cancellationToken);
        return messages.Error is null && Digest.TryParse(messages.PushedDigest, out var digest)
            ? digest
            : throw Refused(messages.Error ?? "the engine does not report the digest of the pushed manifest");

        GantryException Refused(string reason) =>
            DockerErrors.PushFailed(engine.Endpoint, image.ToString(), credentials.Secrets.Apply(reason));
    }

    private static string Repository(ImageReference image) => $"{image.Registry.Host}/{image.Repository}";

    // An error response of the engine is reported as an error of the image; a connection error as one of the engine.
    private async Task CallAsync(
        string what, Func<IDockerClient, Task> ask, Func<string, GantryException> refused, CancellationToken cancellationToken)
    {
        await engine.CallAsync(
            what,
            async client =>
            {
                try
                {
                    await ask(client);
                }
                catch (DockerApiException exception)
                {
                    throw refused(DockerEngine.Message(exception.ResponseBody) ?? $"HTTP {(int)exception.StatusCode}");
                }
            },
            cancellationToken);
    }

    private sealed class Messages(IBuildLog log) : IProgress<JSONMessage>
    {
        public string? Error { get; private set; }

        public string? PushedDigest { get; private set; }

        public void Report(JSONMessage value)
        {
            Error ??= value.Error?.Message ?? value.ErrorMessage;
            if (value.Aux?.ExtensionData?.TryGetValue("Digest", out var digest) == true)
                PushedDigest = digest as string;
            if (PullProgress.Describe(value) is { } line)
                log.Information(line);
        }
    }
}
