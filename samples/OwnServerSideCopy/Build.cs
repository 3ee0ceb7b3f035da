using Gantry.Copying;
using Gantry.Environments;
using Gantry.Nuke;
using Gantry.Oci;

/// <summary>
/// Registries that are folders on one file server: the server copies the files, and no image data passes through this machine. Gantry
/// verifies what arrived, copies what is missing, and writes the tag last.
/// </summary>
class Build : GantryBuild, IPromote
{
    public static int Main() => Execute<Build>(x => x.PromoteDev);

    public IReadOnlyList<ContainerImage> Images => [new("app") { Project = "src/App" }];

    public PromotionEnvironment Dev => new("dev");

    // For registries that are not folders, Azure registries still import images from each other.
    public Configure<IServerSideCopy> ServerSideCopySettings => _ => new FileServerCopy(RootDirectory, otherwise: _);

    Target PromoteDev => _ => _.Promote(this, Dev);
}

/// <summary>Copies the files of an OCI image layout.</summary>
class FileServerCopy(AbsolutePath root, IServerSideCopy otherwise) : IServerSideCopy
{
    public async Task<TransferResult?> CheckAsync(RegistryAddress from, RegistryAddress to, CancellationToken cancellationToken) =>
        from is LayoutAddress && to is LayoutAddress
            ? new TransferResult(true, "copied by the file server")
            : await otherwise.CheckAsync(from, to, cancellationToken);

    public async Task<TransferResult> CopyAsync(ServerSideCopyRequest item, CancellationToken cancellationToken)
    {
        if (item is not { From: LayoutAddress from, To: LayoutAddress to })
            return await otherwise.CopyAsync(item, cancellationToken);

        var source = root / from.Folder / item.Image / "blobs" / "sha256";
        var target = root / to.Folder / item.Image / "blobs" / "sha256";
        target.CreateDirectory();
        foreach (var blob in source.GetFiles().Where(blob => !(target / blob.Name).FileExists()))
        {
            // A blob is complete from the moment when it has its name.
            File.Copy(blob, target / (blob.Name + ".new"), overwrite: true);
            File.Move(target / (blob.Name + ".new"), target / blob.Name, overwrite: true);
        }

        return new TransferResult(true, "copied by the file server");
    }
}
