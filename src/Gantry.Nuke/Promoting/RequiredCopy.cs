using Gantry.Copying;
using Gantry.Oci;

namespace Gantry.Nuke.Promoting;

/// <summary>
/// A server-side copy that has to succeed: a promotion with <c>--transfer import</c> moves no image data through this machine.
/// </summary>
internal sealed class RequiredCopy(IServerSideCopy copy) : IServerSideCopy
{
    /// <inheritdoc/>
    /// <exception cref="GantryException"><c>GAN4053</c>: the images cannot be copied this way.</exception>
    public async Task<TransferResult?> CheckAsync(RegistryAddress from, RegistryAddress to, CancellationToken cancellationToken)
    {
        var result = await copy.CheckAsync(from, to, cancellationToken)
            ?? new TransferResult(false, "no server-side copy is made for these registries");
        return result.Succeeded ? result : throw PromoteErrors.NoServerSideCopy(from, to, result.Reason);
    }

    /// <inheritdoc/>
    /// <exception cref="GantryException"><c>GAN4053</c>: the image was not copied.</exception>
    public async Task<TransferResult> CopyAsync(ServerSideCopyRequest item, CancellationToken cancellationToken)
    {
        var result = await copy.CopyAsync(item, cancellationToken);
        return result.Succeeded ? result : throw PromoteErrors.NoServerSideCopy(item.From, item.To, result.Reason);
    }
}
