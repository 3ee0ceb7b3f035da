using Gantry;
using Gantry.Environments;
using Gantry.Images;
using Gantry.Nuke;
using Gantry.Registries;
using Gantry.Releases;
using Serilog;

/// <summary>
/// Builds images as usual and refuses those that are too large. A builder of your own can also make images itself, with another tool: it
/// stores blobs and manifests in the repository that it gets, and returns the image.
/// </summary>
class Build : GantryBuild, IPromote
{
    public static int Main() => Execute<Build>(x => ((IBuildImage)x).BuildImage);

    [Parameter("Largest image in bytes, compressed. Default is 100 MB")]
    readonly long Budget = 100_000_000;

    public IReadOnlyList<ContainerImage> Images => [new("app") { Project = "src/App" }];

    public Configure<IImageBuilder> ImageBuilderSettings => _ => new BudgetedBuilder(_, Budget);
}

/// <summary>Lets another builder work, and checks the size of its images.</summary>
class BudgetedBuilder(IImageBuilder builder, long budget) : IImageBuilder
{
    public async Task<BuiltImage> BuildAsync(ImageBuildRequest request, IImageRepository target, CancellationToken cancellationToken)
    {
        var image = await builder.BuildAsync(request, target, cancellationToken);
        // An index has no layers of its own: this sample checks images of one platform only.
        var size = image.Root.IsIndex ? 0 : image.Root.ReadManifest().Layers.Sum(layer => layer.Size);
        Log.Information("{Dockerfile}: {Size} of {Budget} bytes", Path.GetFileName(request.Dockerfile), size, budget);

        // A coded error is printed as one sentence, without a stack trace.
        return size <= budget
            ? image
            : throw new GantryException(
                "APP1001",
                $"the image has {size} bytes, and {budget} are allowed",
                "copy less into it, or raise --budget");
    }
}
