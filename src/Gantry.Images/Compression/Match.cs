using System.Runtime.InteropServices;

namespace Gantry.Images.Compression;

/// <summary>Bytes that are the same as earlier ones.</summary>
/// <param name="Length">The number of bytes.</param>
/// <param name="Distance">How many bytes earlier they are; 0 when nothing was found.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Match(int Length, int Distance);
