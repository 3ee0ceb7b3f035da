using System.CommandLine;
using Gantry.Copying;
using Gantry.Formatting;
using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Cli.Images;

/// <summary>The argument and the options of the commands that read one image.</summary>
internal sealed class ImageArguments
{
    private readonly Argument<string> _image;
    private readonly Option<string[]> _plainHttp = CopyArguments.CreatePlainHttp();
    private readonly Option<string?> _platform = new("--platform")
    {
        Description = "The image of this platform, for example linux/amd64. Of an image for one platform, it must be this one.",
        HelpName = "os/arch",
    };

    /// <summary>Creates the argument and the options.</summary>
    /// <param name="description">What the image is for.</param>
    public ImageArguments(string description) => _image = CopyArguments.Argument<string>("image", description);

    /// <summary>Adds the argument and the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Arguments.Insert(0, _image);
        command.Options.Add(_platform);
        command.Options.Add(_plainHttp);
    }

    /// <summary>Returns the image as it was written.</summary>
    public string Text(ParseResult parsed) => parsed.GetRequiredValue(_image);

    /// <summary>Opens registries for one command.</summary>
    public RegistrySession Open(CommandContext context, ParseResult parsed) => context.Open(parsed, parsed.GetValue(_plainHttp) ?? []);

    /// <summary>Finds the image; throws <c>GAN4030</c> when it does not exist, and <c>GAN4040</c> when none is named.</summary>
    public async Task<FoundImage> FindAsync(ParseResult parsed, RegistrySession session, CancellationToken cancellationToken)
    {
        var text = Text(parsed);
        var platform = parsed.GetValue(_platform) is { } given ? Platform.Parse(given) : null;
        var location = await ArchivedImages.ResolveAsync(ImageText.Parse(text), session, cancellationToken);
        if (location.Reference is null)
            throw CliErrors.NoReference(text);
        var repository = session.Open(location.Address, location.Repository);
        var root = (location.Digest is { } digest
            ? await repository.FindManifestAsync(digest, cancellationToken)
            : await repository.FindManifestAsync(location.Tag!, cancellationToken))
            ?? throw CliErrors.NoSuchImage(repository.Location, location.Reference);
        var chosen = platform is null ? root : await ImagePlatform.SelectAsync(repository, root, platform, cancellationToken);
        return new FoundImage(location, repository, chosen);
    }
}

/// <summary>An image that was found.</summary>
/// <param name="Location">The location as it was written.</param>
/// <param name="Repository">The repository.</param>
/// <param name="Root">The manifest or index; with a platform, the manifest of that platform.</param>
internal sealed record FoundImage(ImageLocation Location, IImageRepository Repository, ManifestContent Root)
{
    /// <summary>The digest.</summary>
    public Digest Digest => Root.Descriptor.Digest;
}
