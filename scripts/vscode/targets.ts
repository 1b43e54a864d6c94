/** A platform the extension is packaged for: VS Code's name for it, and how Node and ONNX Runtime call it. */
export interface Target {
  readonly name: string;
  /** `process.platform`, also the folder under onnxruntime-node's `bin/napi-vN/`. */
  readonly os: 'linux' | 'darwin' | 'win32';
  /** `process.arch`, also the folder below that. */
  readonly arch: 'x64' | 'arm64';
  /** Whether onnxruntime-node has a binary for it. Where not, ONNX Runtime runs as WebAssembly, which every package has. */
  readonly native: boolean;
}

/**
 * The one list of platforms with a package. ONNX Runtime has had no binary for Intel Macs since version 1.24, and its
 * Linux binaries need glibc where Alpine has musl.
 */
export const TARGETS: readonly Target[] = [
  { name: 'linux-x64', os: 'linux', arch: 'x64', native: true },
  { name: 'linux-arm64', os: 'linux', arch: 'arm64', native: true },
  { name: 'darwin-arm64', os: 'darwin', arch: 'arm64', native: true },
  { name: 'darwin-x64', os: 'darwin', arch: 'x64', native: false },
  { name: 'win32-x64', os: 'win32', arch: 'x64', native: true },
  { name: 'win32-arm64', os: 'win32', arch: 'arm64', native: true },
  { name: 'alpine-x64', os: 'linux', arch: 'x64', native: false },
  { name: 'alpine-arm64', os: 'linux', arch: 'arm64', native: false },
];

/** Platforms that people ask for and that cannot be had, and why. */
const UNAVAILABLE: Readonly<Record<string, string>> = {
  'linux-armhf': 'a process of 32 bits has no room for the model',
  web: 'the model runs in a process of its own, which a browser does not have',
};

/**
 * The files of ONNX Runtime that one operating system needs, in its `bin/napi-vN/<os>/<arch>` folder. What else lies there is left
 * out: DirectML and the shader compilers serve GPU providers that are not used (both are loaded on demand only), and
 * macOS has its library twice.
 */
export const RUNTIME_FILES: Readonly<Record<Target['os'], readonly string[]>> = {
  linux: ['onnxruntime_binding.node', 'libonnxruntime.so.1'],
  darwin: ['onnxruntime_binding.node', 'libonnxruntime.1.dylib'],
  win32: ['onnxruntime_binding.node', 'onnxruntime.dll'],
};

/** What ONNX Runtime as WebAssembly consists of: its JavaScript for Node, and the build without any GPU provider. */
export const WASM_FILES: readonly string[] = [
  'ort.node.min.js',
  'ort-wasm-simd-threaded.mjs',
  'ort-wasm-simd-threaded.wasm',
];

/**
 * Finds a target by VS Code's name for it.
 * @throws Error saying why there is none, and which there are.
 */
export function targetNamed(name: string): Target {
  const target = TARGETS.find((candidate) => candidate.name === name);
  if (!target) {
    const reason = Object.hasOwn(UNAVAILABLE, name)
      ? UNAVAILABLE[name]
      : 'VS Code knows no such platform, or no package is made for it';
    throw new Error(`No package for ${name}: ${reason}. There are: ${TARGETS.map((t) => t.name).join(', ')}`);
  }
  return target;
}

/** The platform this process runs on, by VS Code's name; there need not be a target for it. */
export function currentPlatform(): string {
  return `${process.platform}-${process.arch}`;
}
