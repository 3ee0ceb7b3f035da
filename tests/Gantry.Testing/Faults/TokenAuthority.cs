using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Gantry.Testing.Faults;

/// <summary>The accounts and tokens of a scripted registry.</summary>
/// <seealso href="https://distribution.github.io/distribution/spec/auth/token/">Token authentication specification</seealso>
public sealed class TokenAuthority(ScriptedRegistryOptions options)
{
    public const string UserName = "gantry";
    public const string Password = "swordfish";
    public const string RefreshToken = "refresh-me";
    private readonly ConcurrentDictionary<string, (IReadOnlyList<string> Scopes, DateTimeOffset Expires)> _issued = new();

    /// <summary>The realm of the next challenges; by default the registry's own <c>/token</c>.</summary>
    public string? Realm { get; set; }

    /// <summary>A repository without access for any account.</summary>
    public string? ForbiddenRepository { get; set; }

    /// <summary>The scopes of every token that was issued, in order.</summary>
    public ConcurrentQueue<string> IssuedScopes { get; } = new();

    /// <summary>Revokes all tokens, although their expiry stays.</summary>
    public void Revoke() => _issued.Clear();

    internal async Task AnswerAsync(HttpContext context)
    {
        var request = context.Request;
        var form = request.HasFormContentType ? await request.ReadFormAsync() : null;
        IReadOnlyList<string> scopes = form is null
            ? [.. request.Query["scope"].OfType<string>()]
            : form["scope"].ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var known = form is null ? request.Headers.Authorization == BasicHeader() : form["refresh_token"] == RefreshToken;
        var anonymous = form is null && request.Headers.Authorization.Count == 0;
        if (!known && !(anonymous && options.AnonymousPull))
        {
            await RegistryApi.RefuseAsync(context, 401, "UNAUTHORIZED");
            return;
        }

        var granted = scopes
            .Where(scope => ForbiddenRepository is null || !scope.Contains($":{ForbiddenRepository}:", StringComparison.Ordinal))
            .Select(scope => known ? scope : scope.Replace(",push", "", StringComparison.Ordinal))
            .ToList();
        var token = Guid.NewGuid().ToString("N");
        _issued[token] = (granted, options.Time.GetUtcNow() + options.TokenLifetime);
        IssuedScopes.Enqueue(string.Join(' ', granted));
        await context.Response.WriteAsync(
            new JsonObject { ["token"] = token, ["expires_in"] = (int)options.TokenLifetime.TotalSeconds }.ToJsonString());
    }

    internal async Task<bool> AllowsAsync(HttpContext context, ScriptedRegistry registry, string repository)
    {
        var header = context.Request.Headers.Authorization.ToString();
        var action = context.Request.Method is "GET" or "HEAD" ? "pull" : "push";
        var scope = $"repository:{repository}:{(action == "pull" ? "pull" : "pull,push")}";
        if (context.Request.Query["from"] is [{ } from] && from != repository)
            scope += $" repository:{from}:pull";
        var allowed = options.Scheme switch
        {
            "Basic" => header == BasicHeader(),
            "Bearer" => header.StartsWith("Bearer ", StringComparison.Ordinal) && Holds(header["Bearer ".Length..], scope),
            _ => true,
        };
        if (allowed)
            return true;

        context.Response.Headers.WWWAuthenticate = options.Scheme == "Basic"
            ? "Basic realm=\"scripted\""
            : $"Bearer realm=\"{Realm ?? registry.Url + "/token"}\",service=\"scripted\",scope=\"{scope}\"";
        await RegistryApi.RefuseAsync(context, 401, "UNAUTHORIZED");
        return false;
    }

    private bool Holds(string token, string asked) =>
        _issued.TryGetValue(token, out var issued) && issued.Expires > options.Time.GetUtcNow()
        && asked.Split(' ').All(scope => issued.Scopes.Any(granted => Covers(granted, scope)));

    private static bool Covers(string granted, string asked)
    {
        var (has, needs) = (granted.Split(':'), asked.Split(':'));
        return has.SkipLast(1).SequenceEqual(needs.SkipLast(1)) && needs[^1].Split(',').All(has[^1].Split(',').Contains);
    }

    private static string BasicHeader() => $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{UserName}:{Password}"))}";
}
