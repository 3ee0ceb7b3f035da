using Gantry.Images.BaseImages;
using Gantry.Images.Configuration;
using Gantry.Images.Context;
using Gantry.Images.Delivery;
using Gantry.Images.Dockerfiles;
using Gantry.Images.Layers;
using Gantry.Images.StandIn;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Releases;

namespace Gantry.Images;

/// <summary>
/// Builds images from Dockerfiles that only copy and configure: without an engine, without root, and with the same bytes from the same
/// inputs on every machine. docs/images.md describes what it supports and guarantees.
/// </summary>
/// <seealso href="https://github.com/opencontainers/image-spec/blob/v1.1.1/spec.md">OCI image-spec 1.1.1</seealso>
public sealed class OciImageBuilder : IImageBuilder
{
    private readonly IRegistryClient _registries;
    private readonly OciImageBuilderOptions _options;
    private readonly IBuildLog? _log;

    /// <summary>Creates a builder.</summary>
    /// <param name="registries">The client for the registries of base images.</param>
    /// <param name="options">The options.</param>
    /// <param name="log">The log for messages; null writes none.</param>
    public OciImageBuilder(IRegistryClient registries, OciImageBuilderOptions? options = null, IBuildLog? log = null)
    {
        _registries = registries;
        _options = options ?? new OciImageBuilderOptions();
        _log = log;
    }

    /// <inheritdoc/>
    public async Task<BuiltImage> BuildAsync(ImageBuildRequest request, IImageRepository target, CancellationToken cancellationToken)
    {
        var document = await ReadDockerfileAsync(request, cancellationToken);
        var context = await BuildContext.OpenAsync(request, cancellationToken);
        using var workspace = new BuildWorkspace();
        var compressor = new LayerCompressor(request.Compression, _options.CacheFolder);
        var layers = new LayerFactory(context, workspace, request, compressor.Members);
        var indexes = new LayerIndexCache(_options.CacheFolder, workspace);

        // Everything is planned for every platform before anything is compressed, and complete before anything is delivered.
        var planned = new List<PlannedImage>();
        foreach (var baseImage in await FindBaseImagesAsync(request, document, workspace, cancellationToken))
            planned.Add(await PlanAsync(request, document, baseImage, indexes, layers, cancellationToken));

        foreach (var name in planned.SelectMany(plan => plan.UnusedArguments).Distinct(StringComparer.Ordinal))
            _log?.Warning($"The build argument {name} is not used: {document.File} has no 'ARG {name}'.");

        var images = new List<AssembledImage>();
        foreach (var plan in planned)
            images.Add(await AssembleAsync(request, plan, layers, cancellationToken));
        compressor.TrimCache();

        var root = ImageAssembler.AssembleRoot(request, images);
        await new ImageDelivery(target, workspace, _log).DeliverAsync(images, root, cancellationToken);

        return new BuiltImage(
            root,
            [.. images.Select(image => image.Platform)],
            ImageAssembler.CommonBase(images),
            images.Exists(image => image.Base.StandIn))
        {
            BaseImages = [.. images.Select(image => image.Base.Reference).OfType<ImageReference>().Distinct()],
        };
    }

    private async Task<DockerfileDocument> ReadDockerfileAsync(ImageBuildRequest request, CancellationToken cancellationToken)
    {
        var document = await DockerfileReader.ReadAsync(request, cancellationToken);
        foreach (var warning in document.Warnings)
            _log?.Warning(warning);
        return EngineCheck.Find(document, request) is { } error ? throw error : document;
    }

    private async Task<IReadOnlyList<BaseImage>> FindBaseImagesAsync(
        ImageBuildRequest request, DockerfileDocument document, BuildWorkspace workspace, CancellationToken cancellationToken)
    {
        var resolver = new BaseImageResolver(_registries, _options.PinnedBaseImages);
        var images = new List<BaseImage>();
        foreach (var platform in request.Platforms)
        {
            var stage = DockerfileStage.Begin(document, platform, request.BuildArguments);
            if (stage.BaseImage is not { } reference)
            {
                images.Add(BaseImage.Scratch(platform));
                continue;
            }

            try
            {
                images.Add(await resolver.ResolveAsync(reference, platform, stage.Location, cancellationToken));
            }
            catch (GantryException exception) when (
                _options.AllowStandIn && resolver.FindPin(reference) is null && BaseImageErrors.IsUnreachable(exception))
            {
                return [await StandInAsync(request, reference, exception, workspace, cancellationToken)];
            }
        }

        return images;
    }

    // A stand-in is for this machine alone, so the image is built for this machine's platform, whichever were requested.
    private async Task<BaseImage> StandInAsync(
        ImageBuildRequest request, ImageReference reference, GantryException cause, BuildWorkspace workspace,
        CancellationToken cancellationToken)
    {
        var folder = _options.CacheFolder is null ? null : Path.Combine(_options.CacheFolder, "stand-in");
        var image = await new StandInBaseImage(new StandInLayerCache(folder, workspace)).AssembleAsync(reference, cancellationToken);

        var others = request.Platforms.Where(platform => !image.Platform.Satisfies(platform)).ToArray();
        _log?.Warning($"{cause.Problem}. Instead of {reference} the image is built on a stand-in, which is assembled from this "
            + "machine's .NET and C runtime: "
            + "it starts, but it has nothing else of the base image, and it must stay in folders.");
        if (others.Length > 0)
            _log?.Warning($"With the stand-in the image is built for {image.Platform} only, "
                + $"not for {string.Join(", ", (IEnumerable<Platform>)others)}.");
        return image;
    }

    private static async Task<PlannedImage> PlanAsync(
        ImageBuildRequest request, DockerfileDocument document, BaseImage baseImage,
        LayerIndexCache indexes, LayerFactory layers, CancellationToken cancellationToken)
    {
        var stage = DockerfileStage.Begin(document, baseImage.Platform, request.BuildArguments);
        var evaluated = StageEvaluator.Evaluate(document.Instructions, baseImage.Config.Config ?? new ContainerConfig(), stage.Scope);
        var tree = await indexes.ReadTreeAsync(baseImage, cancellationToken);
        var plans = new List<(BuildStep, LayerPlan?)>();
        foreach (var step in evaluated.Steps)
            plans.Add((step, await layers.PlanAsync(step, tree, cancellationToken)));
        return new PlannedImage(baseImage, evaluated.Config, plans, [.. stage.Scope.UnusedArguments]);
    }

    private static async Task<AssembledImage> AssembleAsync(
        ImageBuildRequest request, PlannedImage plan, LayerFactory layers, CancellationToken cancellationToken)
    {
        var steps = new List<(BuildStep, LayerFile?)>();
        foreach (var (step, layer) in plan.Steps)
            steps.Add((step, layer is null ? null : await layers.WriteAsync(layer, cancellationToken)));
        return ImageAssembler.Assemble(request, plan.Base, plan.Config, steps);
    }

    private sealed record PlannedImage(
        BaseImage Base, ContainerConfig Config, IReadOnlyList<(BuildStep Step, LayerPlan? Layer)> Steps,
        IReadOnlyList<string> UnusedArguments);
}
