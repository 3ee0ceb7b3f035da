namespace Gantry.Nuke;

/// <summary>The parameters and targets that do what the remedies of errors name.</summary>
internal static class RemedyParameters
{
    /// <summary>Returns the parameter or target for an action.</summary>
    public static string? Of(RemedyAction action) => action switch
    {
        RemedyAction.MoveTag => "--move-tag \"reason\"",
        RemedyAction.UnlockTag => "--unlock-tags",
        RemedyAction.OverrideSoak => "--override-soak \"reason\"",
        RemedyAction.GoBack => "--go-back \"reason\"",
        RemedyAction.EndHold => "ReleaseHold --environment NAME --reason \"reason\"",
        RemedyAction.Return => "the Rollback target of the environment, with --reason \"reason\"",
        RemedyAction.NameReturn => "--to",
        RemedyAction.NameSigningKey => "--signing-key, or a parameter such as ProdSigningKey",
        RemedyAction.BreakGlass => "--break-glass \"reason\"",
        RemedyAction.NameRelease => "--release",
        RemedyAction.NameReleaseByDigest => "--release-digest",
        RemedyAction.Publish => nameof(IPushBase.PushBase),
        RemedyAction.BuildWithEngine => "--image-builder docker",
        RemedyAction.BuildWithoutEngine => "--image-builder oci",
        RemedyAction.CopyThroughThisMachine => "--transfer copy, --transfer auto",
        RemedyAction.NameRegistryResource => "the parameter of the registry with the suffix 'Id', as in --prod-registry-id",
        _ => null,
    };
}
