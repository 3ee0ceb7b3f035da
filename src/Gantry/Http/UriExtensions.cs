namespace Gantry.Http;

internal static class UriExtensions
{
    /// <summary>Returns the address without what may be secret: queries can hold SAS tokens, the part before the host passwords.</summary>
    public static string WithoutSecrets(this Uri uri) => $"{uri.Scheme}://{uri.Authority}{uri.AbsolutePath}";
}
