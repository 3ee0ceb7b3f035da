using System.Security.Cryptography;
using System.Text;
using Gantry.Images.Compression;
using Gantry.Images.Context;
using Gantry.Images.Dockerfiles;

namespace Gantry.Images.Layers;

/// <summary>
/// Executes the steps that change the file system; each creates one layer. Equal layers of several platforms are written once.
/// </summary>
internal sealed class LayerFactory
{
    private readonly BuildContext _context;
    private readonly BuildWorkspace _workspace;
    private readonly ImageBuildRequest _request;
    private readonly IMemberCompressor _compressor;
    private readonly Dictionary<string, LayerFile> _written = new(StringComparer.Ordinal);

    public LayerFactory(BuildContext context, BuildWorkspace workspace, ImageBuildRequest request, IMemberCompressor compressor)
    {
        _context = context;
        _workspace = workspace;
        _request = request;
        _compressor = compressor;
    }

    /// <summary>Plans the changes of a step to the tree; returns null when there are none.</summary>
    public async Task<LayerPlan?> PlanAsync(BuildStep step, ImageTree tree, CancellationToken cancellationToken)
    {
        var owners = OwnerLookup.In(tree);
        var plan = new LayerPlan(tree, _request.DirectoryTime);
        switch (step)
        {
            case CopyStep copy:
                var owner = copy.Chown is null
                    ? Ownership.Root
                    : await owners.FindAsync(copy.Chown, "chown", copy.Location, cancellationToken);
                CopyPlanner.Plan(_context, plan, copy, owner, _request.TimeOf);
                return plan;

            case MakeDirectoryStep make:
                var path = plan.Resolve(make.Path, make.Location);
                if (plan.Find(path)?.Kind == FileKind.Directory)
                    return null;
                var user = make.Owner is null
                    ? Ownership.Root
                    : await owners.FindAsync(make.Owner, "user", make.Location, cancellationToken);
                plan.EnsureDirectory(path, user, make.Location);
                return plan;

            default:
                return null;
        }
    }

    /// <summary>Writes a planned layer.</summary>
    public async Task<LayerFile> WriteAsync(LayerPlan plan, CancellationToken cancellationToken)
    {
        var key = Fingerprint(plan);
        return _written.TryGetValue(key, out var layer)
            ? layer
            : _written[key] = await LayerWriter.WriteAsync(plan.Entries, _workspace.NewPath(), _compressor, cancellationToken);
    }

    private static string Fingerprint(LayerPlan plan)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var entry in plan.Entries)
        {
            hash.AppendData(entry.ToTarHeader());
            hash.AppendData(Encoding.UTF8.GetBytes(entry.SourceFile ?? ""));
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
