namespace Gantry.Images;

/// <summary>Permission bits. C# has no octal literals.</summary>
internal static class FileModes
{
    /// <summary>rwxr-xr-x.</summary>
    public static readonly int Executable = Convert.ToInt32("755", 8);

    /// <summary>rw-r--r--.</summary>
    public static readonly int Regular = Convert.ToInt32("644", 8);

    /// <summary>rwxr-xr-x.</summary>
    public static readonly int Directory = Executable;

    /// <summary>rwxrwxrwt.</summary>
    public static readonly int SharedDirectory = Convert.ToInt32("1777", 8);

    /// <summary>rwxrwxrwx: links have no mode of their own.</summary>
    public static readonly int Link = Convert.ToInt32("777", 8);
}
