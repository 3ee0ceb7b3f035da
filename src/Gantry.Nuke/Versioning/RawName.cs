using System.Runtime.InteropServices;
using System.Text;

namespace Gantry.Nuke.Versioning;

/// <summary>The name of a file as git has it: bytes, which on Unix need not be UTF-8.</summary>
/// <param name="Bytes">The bytes, one in each character.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RawName(string Bytes)
{
    /// <summary>Returns the name as text; bytes that are not UTF-8 become replacement characters.</summary>
    public override string ToString() => Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(Bytes));
}
