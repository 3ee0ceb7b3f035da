using Docker.DotNet.Models;
using Gantry.Docker.Engine;

namespace Gantry.Docker.Building;

/// <summary>One build with the engine's classic builder.</summary>
internal sealed class ClassicBuild(DockerBuild build, BuildOutput output) : IProgress<JSONMessage>
{
    private string? _image;
    private string? _error;

    /// <summary>Builds the image and returns its identifier.</summary>
    public async Task<string> RunAsync(Stream context, CancellationToken cancellationToken)
    {
        var parameters = new ImageBuildParameters
        {
            Dockerfile = build.Dockerfile,
            BuildArgs = build.Arguments.ToDictionary(),
            Labels = build.Labels.ToDictionary(),
            Platform = build.Platform.ToString(),
            NetworkMode = build.Options.NetworkMode,
            Target = build.Options.Target,
            NoCache = build.NoCache,
            Remove = true,
            ForceRemove = true,
        };
        var headers = new Dictionary<string, string>(StringComparer.Ordinal) { [DockerCredentials.Header] = build.Credentials.ToHeader() };
        await build.Engine.CallAsync(
            $"build {build.DisplayName}",
            client => client.Images.BuildImageFromDockerfileAsync(
                parameters, context, authConfigs: [], headers, progress: this, cancellationToken),
            cancellationToken);

        output.Flush();
        if (_error is not null)
            throw build.Failed(_error, output);
        return _image ?? throw DockerErrors.NoImage(build.DisplayName);
    }

    /// <summary>Handles a message of the engine.</summary>
    public void Report(JSONMessage value)
    {
        if (value.Stream is not null)
            output.Write(value.Stream);
        if (value.Aux?.ExtensionData?.TryGetValue("ID", out var id) == true)
            _image = id as string;
        if (value.ErrorMessage is not null || value.Error is not null)
            _error = value.Error?.Message ?? value.ErrorMessage;
        if (PullProgress.Describe(value) is { } progress)
            output.WriteMessage(progress);
    }
}
