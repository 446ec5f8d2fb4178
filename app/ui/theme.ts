import {
  ActionIcon,
  Alert,
  Anchor,
  Button,
  Checkbox,
  Code,
  type CSSVariablesResolver,
  createTheme,
  Divider,
  Drawer,
  defaultVariantColorsResolver,
  Input,
  InputWrapper,
  Kbd,
  type MantineColorsTuple,
  Menu,
  Modal,
  Notification,
  Skeleton,
  Table,
  Tooltip,
} from "@mantine/core";

/** Greys with a slight blue cast. 6 is the lightest that small text may have on white (5.9 : 1). */
const gray: MantineColorsTuple = [
  "#f7f8fa",
  "#eff1f4",
  "#e4e7ec",
  "#d3d8e0",
  "#b4bbc7",
  "#858e9d",
  "#5b6474",
  "#444c5a",
  "#2d3440",
  "#1a1f29",
];

/** From ink (0) to ground (7) and below it (8, 9). 2 is the dimmest that small text may have (7 : 1 on the ground). */
const dark: MantineColorsTuple = [
  "#dde2ea",
  "#c0c7d3",
  "#98a1b0",
  "#6d7686",
  "#333a47",
  "#252b36",
  "#1b202a",
  "#12161d",
  "#0d1016",
  "#090b10",
];

/** The accent: 6 on white 5.4 : 1, 4 on the dark ground 6.9 : 1. */
const indigo: MantineColorsTuple = [
  "#eff0fe",
  "#e0e3fd",
  "#c3c9fb",
  "#a5aef9",
  "#8d99f7",
  "#6e7bef",
  "#4f5be0",
  "#434dc4",
  "#383fa3",
  "#2a2f7a",
];

const red: MantineColorsTuple = [
  "#fdefef",
  "#fbdfe0",
  "#f5bfc2",
  "#f39a9f",
  "#f2858b",
  "#e2545d",
  "#c62f3b",
  "#ab2631",
  "#8c1f29",
  "#641720",
];

const overlayProps = { color: "#090b10", backgroundOpacity: 0.4 };

/**
 * The one theme. Screens take their look from the defaults here and pass no sizes, colours or spacings of their own.
 */
export const theme = createTheme({
  colors: { gray, dark, indigo, red },
  primaryColor: "indigo",
  primaryShade: { light: 6, dark: 4 },
  white: "#ffffff",
  black: "#1a1f29",
  fontFamily: "'Inter Variable', system-ui, -apple-system, 'Segoe UI', sans-serif",
  fontFamilyMonospace: "'JetBrains Mono Variable', ui-monospace, 'SF Mono', Menlo, monospace",
  fontSizes: { xs: "0.75rem", sm: "0.8125rem", md: "0.875rem", lg: "1rem", xl: "1.25rem" },
  lineHeights: {
    xs: "calc(16 / 12)",
    sm: "calc(18 / 13)",
    md: "calc(20 / 14)",
    lg: "calc(24 / 16)",
    xl: "calc(28 / 20)",
  },
  fontWeights: { regular: "400", medium: "500", bold: "600" },
  headings: {
    fontFamily: "'Inter Variable', system-ui, sans-serif",
    fontWeight: "600",
    sizes: {
      h1: { fontSize: "1.25rem", lineHeight: "calc(28 / 20)" },
      h2: { fontSize: "0.875rem", lineHeight: "calc(20 / 14)" },
      h3: { fontSize: "0.8125rem", lineHeight: "calc(18 / 13)" },
      h4: { fontSize: "0.75rem", lineHeight: "calc(16 / 12)", fontWeight: "500" },
      h5: { fontSize: "0.75rem", lineHeight: "calc(16 / 12)", fontWeight: "500" },
      h6: { fontSize: "0.75rem", lineHeight: "calc(16 / 12)", fontWeight: "500" },
    },
  },
  spacing: { xs: "0.25rem", sm: "0.5rem", md: "1rem", lg: "1.5rem", xl: "2rem" },
  radius: { xs: "2px", sm: "4px", md: "6px", lg: "6px", xl: "6px" },
  defaultRadius: "md",
  cursorType: "pointer",
  respectReducedMotion: true,
  // Filled controls are dark-on-light in the dark scheme; Mantine's own contrast rule looks at the light shade alone.
  variantColorResolver: (input) => {
    const colors = defaultVariantColorsResolver(input);
    return input.variant === "filled" ? { ...colors, color: "var(--on-filled)" } : colors;
  },
  components: {
    ActionIcon: ActionIcon.extend({
      defaultProps: { variant: "subtle", color: "gray" },
      vars: () => ({
        root: { "--ai-size": "var(--control-height)", "--ai-color": "var(--mantine-color-dimmed)" },
      }),
    }),
    Alert: Alert.extend({ defaultProps: { variant: "default" } }),
    Anchor: Anchor.extend({ defaultProps: { underline: "hover", inherit: true } }),
    Button: Button.extend({
      defaultProps: { variant: "default" },
      vars: () => ({
        root: {
          "--button-height": "var(--control-height)",
          "--button-padding-x": "12px",
          "--button-fz": "var(--mantine-font-size-sm)",
        },
      }),
    }),
    Checkbox: Checkbox.extend({ defaultProps: { size: "xs", radius: "xs", iconColor: "var(--on-filled)" } }),
    Code: Code.extend({ defaultProps: { color: "transparent" } }),
    Divider: Divider.extend({ defaultProps: { color: "var(--line)" } }),
    Drawer: Drawer.extend({
      defaultProps: {
        position: "right",
        size: 560,
        padding: "lg",
        transitionProps: { duration: 0 },
        overlayProps,
      },
      styles: { title: { fontWeight: 600 } },
    }),
    Input: Input.extend({
      vars: () => ({
        input: {},
        wrapper: { "--input-height": "var(--control-height)", "--input-fz": "var(--input-text)" },
      }),
    }),
    InputWrapper: InputWrapper.extend({
      vars: () => ({
        label: { "--input-label-size": "var(--mantine-font-size-xs)" },
        error: { "--input-error-size": "var(--mantine-font-size-xs)" },
        success: { "--input-success-size": "var(--mantine-font-size-xs)" },
        description: { "--input-description-size": "var(--mantine-font-size-xs)" },
      }),
    }),
    Kbd: Kbd.extend({ defaultProps: { size: "xs" } }),
    Menu: Menu.extend({
      defaultProps: { shadow: "md", transitionProps: { duration: 0 }, position: "bottom-end" },
    }),
    Modal: Modal.extend({
      defaultProps: {
        size: 440,
        padding: "lg",
        centered: true,
        transitionProps: { duration: 0 },
        overlayProps,
      },
      styles: { title: { fontWeight: 600 } },
    }),
    Notification: Notification.extend({
      defaultProps: { withBorder: true, closeButtonProps: { "aria-label": "Close" } },
    }),
    Skeleton: Skeleton.extend({ defaultProps: { animate: false, radius: "xs" } }),
    Table: Table.extend({ defaultProps: { borderColor: "var(--line)" } }),
    Tooltip: Tooltip.extend({
      defaultProps: {
        openDelay: 300,
        transitionProps: { duration: 0 },
        events: { hover: true, focus: true, touch: true },
      },
    }),
  },
});

/**
 * Colours that Mantine has no name for. Status colours are for dots, bars and marks (3 : 1 against the ground at least);
 * words beside them keep the colour of text.
 */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    "--line": "rgb(26 31 41 / 0.08)",
    "--line-strong": "rgb(26 31 41 / 0.16)",
    "--ground": "#ffffff",
    "--ground-side": "#f7f8fa",
    "--ground-hover": "rgb(26 31 41 / 0.035)",
    "--ground-active": "rgb(79 91 224 / 0.08)",
    "--on-filled": "#ffffff",
    "--status-pending": "#858e9d",
    "--status-running": "#4f5be0",
    "--status-success": "#0c8f80",
    "--status-failed": "#d03542",
    "--status-review": "#c27803",
    "--status-paused": "#8a4fd6",
    "--mantine-color-body": "var(--ground)",
    "--mantine-color-dimmed": "var(--mantine-color-gray-6)",
    "--mantine-color-placeholder": "#6b7484",
    "--mantine-color-error": "var(--mantine-color-red-6)",
    "--mantine-color-default-border": "var(--mantine-color-gray-3)",
    "--mantine-color-disabled-color": "#6a7382",
  },
  dark: {
    "--line": "rgb(221 226 234 / 0.08)",
    "--line-strong": "rgb(221 226 234 / 0.18)",
    "--ground": "#12161d",
    "--ground-side": "#0d1016",
    "--ground-hover": "rgb(221 226 234 / 0.04)",
    "--ground-active": "rgb(141 153 247 / 0.12)",
    "--on-filled": "#0d1016",
    "--status-pending": "#7b8596",
    "--status-running": "#8d99f7",
    "--status-success": "#3bbfab",
    "--status-failed": "#f0707a",
    "--status-review": "#e0a23c",
    "--status-paused": "#b18cf0",
    "--mantine-color-body": "var(--ground)",
    "--mantine-color-bright": "#f2f4f8",
    "--mantine-color-dimmed": "var(--mantine-color-dark-2)",
    "--mantine-color-placeholder": "#8790a0",
    "--mantine-color-error": "var(--mantine-color-red-4)",
    "--mantine-color-default": "#1b202a",
    "--mantine-color-default-hover": "#222834",
    "--mantine-color-default-border": "#333a47",
    "--mantine-color-disabled-color": "#7d8696",
  },
});
