namespace Gantry.Environments;

/// <summary>
/// The way in which a job of a build system signs in to a host before it promotes, for what generates the pipeline. Derived types belong to
/// the build system; the promotion itself does not read it.
/// </summary>
public abstract record HostLogin
{
    /// <summary>No login: the machines that promote are signed in already, as with a kubeconfig or a key of their own.</summary>
    public static HostLogin None { get; } = new NoHostLogin();

    private sealed record NoHostLogin : HostLogin;
}
