namespace Gantry.GitHubActions.Service;

/// <summary>A request to the API of GitHub.</summary>
/// <param name="Method">The method.</param>
/// <param name="Path">The escaped path after the base address: <c>repos/contoso/shop/environments/prod</c>.</param>
/// <param name="Purpose">The purpose, for messages: <c>read the run 4711</c>.</param>
/// <param name="Right">The permission of the token: <c>actions: read</c>.</param>
internal sealed record GitHubRequest(HttpMethod Method, string Path, string Purpose, string Right)
{
    /// <summary>The body as JSON; null for none.</summary>
    public byte[]? Body { get; init; }

    /// <summary>True when it creates something that may exist already, which GitHub answers with 303 and without a body.</summary>
    public bool MayExist { get; init; }

    /// <summary>Returns the method and path for messages, without the query.</summary>
    public override string ToString() => $"{Method} {Path.Split('?')[0]}";
}
